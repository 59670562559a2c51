"""The files of issued documents as one archive, with an index that says which is which."""

from __future__ import annotations

import csv
import io
import secrets
import zipfile
from collections.abc import Sequence
from typing import Any, Final

import sql
from sync import exporting, issuing
from sync.render.words import side
from sync.shops import SYSTEM_ACCOUNT, Context
from sync.work import Done, Running, refusals_said, tell

STEP: Final = "ファイルを集めています | Gathering files"
# A file in an archive has a time; the same documents give the same archive
TIME: Final = (1980, 1, 1, 0, 0, 0)
HEADS: Final = (
    ("document_no", "書類番号 | Document no."),
    ("kind", "種類 | Kind"),
    ("issuer", "発行者 | Issuer"),
    ("issued_on", "発行日 | Issued on"),
    ("transaction_on", "取引日 | Transaction date"),
    ("addressee", "宛名 | Addressee"),
    ("currency_code", "通貨 | Currency"),
    ("total", "合計（税込） | Total with tax"),
    ("tax_total", "消費税 | Tax"),
    ("order_no", "伝票番号 | Slip no."),
    ("original_no", "もとの請求書 | Original invoice"),
    ("void_reason", "取消 | Void"),
)
FILE_HEADS: Final = ("ファイル | File", "SHA-256 | SHA-256")
FORMULA: Final = ("=", "+", "-", "@")


def export_issued(context: Context, running: Running) -> Done:
    """Pack the kept files of chosen documents, unmarked, with an index in CSV. Begins anew when it died."""
    folder = exporting.folder_of(context.settings.data)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored = secrets.token_hex(16)
    part = folder / f"{running.job_request_id}-{stored}.part"
    part.touch(mode=0o600)
    try:
        with (
            refusals_said(),
            sql.connect(
                context.settings.worker_database_url, account_id=SYSTEM_ACCOUNT
            ) as connection,
        ):
            made, language = issuing.chosen_documents(connection, running)
            telling = issuing.telling(context, running, len(made))
            told = issuing.files_set(context.vault, connection, made, telling)
            rows = sql.rows(
                connection, "issued_index", ids=[one.issued_document_id for one in made]
            )
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
                index = [
                    [side(said, language) for said in (*(head for _, head in HEADS), *FILE_HEADS)]
                ]
                files = issuing.files_of(context.vault, connection, made)
                for done, (one, row, pdf) in enumerate(zip(made, rows, files, strict=True)):
                    tell(context, running, step=STEP, done=done, of_all=len(made))
                    name = f"{row.issuer}/{one.document_no}.pdf"
                    _add(archive, name, pdf)
                    index.append([*_said(row, language), name, bytes(row.digest).hex()])
                    issuing.copy_noted(connection, running, one, "export")
                _add(archive, "index.csv", _csv(index))
        part.rename(folder / stored)
    finally:
        part.unlink(missing_ok=True)
    answer: dict[str, Any] = {"documents": len(made)}
    if told:
        answer["reasons"] = told
    title = side("発行済み帳票 | issued-documents", language)
    return Done(answer=answer, file_name=f"{title}.zip", stored_as=stored)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, TIME), content, zipfile.ZIP_DEFLATED)


def _said(row: Any, language: str) -> list[str]:  # noqa: ANN401 - a row of the index
    values = (getattr(row, name) for name, _ in HEADS)
    return ["" if value is None else side(str(value), language) for value in values]


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        # A name is no formula
        writer.writerow(
            [f"'{one}" if one.startswith(FORMULA) and not _is_number(one) else one for one in row]
        )
    return out.getvalue().encode("utf-8-sig")


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()
