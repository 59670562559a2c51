"""From the bytes of a file to rows of text: encoding, heading, limits. Never guesses twice."""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sync.channels.file.layout import Layout, folded
from sync.contract import SourceFile
from sync.errors import ContractBroken

FILE_MAX: Final = 200_000_000
CELL_MAX: Final = 100_000
COLUMNS_MAX: Final = 500
CHUNK: Final = 1_000_000
NAMED_MAX: Final = 8
TRIED: Final = ("utf-8", "cp932", "euc_jp")
BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# cp932 decodes stray bytes into the private use area, and nobody else can read a maker's own letters
UNFIT: Final = re.compile("[\0\ue000-\uf8ff]")
NAMES: Final = {
    "cp932": "Shift_JIS（cp932）",
    "utf-8": "UTF-8",
    "euc_jp": "EUC-JP",
    "utf-8-sig": "UTF-8",
}
EXPORT_HINT: Final = "書き出し元の設定と対応表を確かめてください。 | Check the settings of the export and the column map."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record: the line it begins on, the heading being line 1, and its cells as they stand."""

    line_no: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file as text: the names of its columns, each once, and where to find its rows."""

    columns: Sequence[str]
    data: bytes
    encoding: str
    delimiter: str

    def rows(self) -> Iterator[Row]:
        """Yield the records behind the heading; empty ones are passed over."""
        records = _records(self.data, self.encoding, self.delimiter)
        next(records, None)
        yield from records


def read_table(file: SourceFile, layout: Layout) -> Table:
    """Read a file; one that cannot be read at all raises `ContractBroken` with a sentence."""
    data = _unpacked(file)
    found: list[tuple[list[str], str, str]] = []
    last = ""
    for encoding in _candidates(data, layout):
        last = _misfit(data, encoding)
        if last:
            continue
        heading = next(_records(data, encoding, layout.delimiter), None)
        if heading is None:
            raise _broken(file, "ファイルが空です", "the file is empty")
        wrong = _missing(heading.cells, layout)
        if not wrong:
            return Table(
                columns=_named(file, heading.cells, layout),
                data=data,
                encoding=encoding,
                delimiter=layout.delimiter,
            )
        found.append((wrong, *_similar(heading.cells, wrong)))
    if not found:
        raise _encoding_unknown(file, layout, last)
    wrong, similar_ja, similar_en = found[0]
    raise ContractBroken(
        f"{file.file_name}: 列「{'」「'.join(wrong[:NAMED_MAX])}」がありません{similar_ja} | {file.file_name}: the"
        f" column{'s' if len(wrong) > 1 else ''} {', '.join(repr(one) for one in wrong[:NAMED_MAX])}"
        f" missing{similar_en}",
        hint=EXPORT_HINT,
    )


def _unpacked(file: SourceFile) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := file.stream.read(CHUNK):
        size += len(part)
        if size > FILE_MAX:
            raise _broken(
                file,
                f"ファイルが大きすぎます（展開後 {FILE_MAX // 1_000_000} MB まで）。期間を分けて書き出してください",
                f"the file is too large ({FILE_MAX // 1_000_000} MB unpacked at most): export it in parts",
            )
        parts.append(part)
    return b"".join(parts)


def _candidates(data: bytes, layout: Layout) -> Sequence[str]:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return (encoding,)
    return (layout.encoding,) if layout.encoding else TRIED


def _misfit(data: bytes, encoding: str) -> str:
    """Say where the text does not fit an encoding; empty when it does."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line_no = 1
    for start in range(0, max(len(data), 1), CHUNK):
        chunk = data[start : start + CHUNK]
        try:
            text = decoder.decode(chunk, final=start + CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return str(line_no + error.object[: error.start].count(b"\n"))
        if bad := UNFIT.search(text):
            return str(line_no + text[: bad.start()].count("\n"))
        line_no += text.count("\n")
    return ""


def _encoding_unknown(file: SourceFile, layout: Layout, line_no: str) -> ContractBroken:
    tried = [NAMES.get(name, name) for name in ([layout.encoding] if layout.encoding else TRIED)]
    return _broken(
        file,
        f"文字コードが違います。{'、'.join(tried)} として読めません（{line_no} 行目あたり）",
        f"the encoding is not {' or '.join(tried)} (near line {line_no})",
    )


def _records(data: bytes, encoding: str, delimiter: str) -> Iterator[Row]:
    """Yield every record that is not empty, the heading among them."""
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    before = csv.field_size_limit(CELL_MAX)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cells):
                yield Row(line_no=begins, cells=cells)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _not_csv(begins, error) from error
    finally:
        csv.field_size_limit(before)


def _not_csv(line_no: int, error: csv.Error) -> ContractBroken:
    if "field limit" in str(error):
        ja = f"{line_no} 行目のセルが大きすぎます（{CELL_MAX:,} 文字まで）。引用符が閉じていないかもしれません"
        en = (
            f"line {line_no} has a cell of more than {CELL_MAX:,} letters; perhaps a quotation mark is"
            " not closed"
        )
    else:
        ja = f"{line_no} 行目の引用符が正しくありません"
        en = f"line {line_no}: the quotation marks are not right"
    return ContractBroken(f"{ja} | {en}", hint=EXPORT_HINT)


def _missing(cells: Sequence[str], layout: Layout) -> list[str]:
    there = {folded(name) for name in cells}
    return [
        name
        for name in layout.columns()
        if folded(name) not in there and name not in layout.optional
    ]


def _similar(cells: Sequence[str], wrong: Sequence[str]) -> tuple[str, str]:
    """Say which heading a missing column may have become, in both languages."""
    names = [name.strip() for name in cells if name.strip()]
    close = {
        name: near[0]
        for name in wrong[:NAMED_MAX]
        if (near := difflib.get_close_matches(name, names, n=1, cutoff=0.6))
    }
    if not close:
        return "", ""
    ja = "、".join(f"「{name}」は「{near}」に変わっていませんか" for name, near in close.items())
    en = ", ".join(f"{name!r} may be {near!r} now" for name, near in close.items())
    return f"（{ja}）", f" ({en})"


def _named(file: SourceFile, cells: Sequence[str], layout: Layout) -> Sequence[str]:
    """Name the columns: those of the map by the map's names, nameless ones by their place."""
    if len(cells) > COLUMNS_MAX:
        raise _broken(
            file,
            f"列が {len(cells)} あります（{COLUMNS_MAX} まで）",
            f"there are {len(cells)} columns ({COLUMNS_MAX} at most)",
        )
    ours = {folded(name): name for name in layout.columns()}
    names: list[str] = []
    twice: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = ours.get(folded(cell), cell.strip()) or f"#{place}"
        if name in names:
            if folded(cell) in ours:
                twice.append(name)
            name = f"{name}#{place}"
        names.append(name)
    if twice:
        raise _broken(
            file,
            f"列「{'」「'.join(twice)}」が二つあります",
            f"the column {', '.join(repr(one) for one in twice)} is there twice",
        )
    return names


def _broken(file: SourceFile, ja: str, en: str) -> ContractBroken:
    return ContractBroken(f"{file.file_name}: {ja}。 | {file.file_name}: {en}.", hint=EXPORT_HINT)
