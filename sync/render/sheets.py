"""Tables as files, written row by row: CSV and Excel."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Protocol

import xlsxwriter

from sync.errors import SyncError
from sync.render.cells import Cell, Said, in_cp932, written

FILE_MODE: Final = 0o600
XLSX_ROWS_MAX: Final = 1_048_575
XLSX_TEXT_MAX: Final = 32_767
WIDTHS: Final = {"date": 12, "moment": 19, "datetime": 19, "integer": 12, "numeric": 14}
WIDTH: Final = 20
ENDINGS: Final = {"csv": "csv", "csv_cp932": "csv", "xlsx": "xlsx"}


class SheetFull(SyncError):
    """Excel の一枚に入るのは 1,048,575 行までです。 | A sheet of Excel holds 1,048,575 rows."""

    hint_default = "条件でしぼるか、CSV にします。 | Narrow it down, or choose CSV."


class Sheet(Protocol):
    """A file that takes rows; `losses` counts characters that it could not hold."""

    losses: int

    def add(self, row: Sequence[Cell]) -> None:
        """Write one row after the last one."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


def begin(path: Path, form: str, columns: Sequence[Said]) -> Sheet:
    """Begin a file that only we may read, with its head."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE))
    return XlsxSheet(path, columns) if form == "xlsx" else CsvSheet(path, form, columns)


class CsvSheet:
    """CSV in UTF-8 with its mark, or in cp932 for programs that read nothing else."""

    def __init__(self, path: Path, form: str, columns: Sequence[Said]) -> None:
        self.losses = 0
        self._is_cp932 = form == "csv_cp932"
        encoding = "cp932" if self._is_cp932 else "utf-8-sig"
        self._stream = path.open("w", encoding=encoding, newline="")
        self._writer = csv.writer(self._stream, lineterminator="\r\n")
        self.add([one.head for one in columns])

    def add(self, row: Sequence[Cell]) -> None:
        """Write one row."""
        texts = [written(value) for value in row]
        if self._is_cp932:
            pairs = [in_cp932(text) for text in texts]
            texts = [text for text, _ in pairs]
            self.losses += sum(lost for _, lost in pairs)
        self._writer.writerow(texts)

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()


class XlsxSheet:
    """A workbook of one sheet, in constant memory; texts are texts, whatever they begin with."""

    def __init__(self, path: Path, columns: Sequence[Said]) -> None:
        self.losses = 0
        self._at = 0
        self._book: Any = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                # Rows wait in this folder of ours, not in everybody's
                "tmpdir": str(path.parent),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._sheet: Any = self._book.add_worksheet()
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._text = self._book.add_format({"num_format": "@"})
        bold = self._book.add_format({"bold": True, "num_format": "@"})
        for place, one in enumerate(columns):
            self._sheet.set_column(place, place, WIDTHS.get(one.kind, WIDTH))
            self._sheet.write_string(0, place, one.head[:XLSX_TEXT_MAX], bold)
        self._sheet.freeze_panes(1, 0)

    def add(self, row: Sequence[Cell]) -> None:
        """Write one row; raises `SheetFull`."""
        if self._at == XLSX_ROWS_MAX:
            raise SheetFull
        self._at += 1
        for place, value in enumerate(row):
            match value:
                case None:
                    continue
                case str():
                    self.losses += max(0, len(value) - XLSX_TEXT_MAX)
                    self._sheet.write_string(self._at, place, value[:XLSX_TEXT_MAX], self._text)
                case datetime() if value.year >= 1900:
                    self._sheet.write_datetime(self._at, place, value, self._moment)
                case date() if value.year >= 1900:
                    self._sheet.write_datetime(self._at, place, value, self._day)
                case int() | float():
                    self._sheet.write_number(self._at, place, value)
                case _:
                    self._sheet.write_string(self._at, place, value.isoformat(), self._text)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()
