"""The job behind the import page: a stored file is sealed, looked at or taken in, then removed."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import time
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import sql
from sync.contract import SourceFile
from sync.file_import import (
    Import,
    ImportWrong,
    find_shop,
    map_layout,
    open_channel,
    preview,
    refuse_foreign,
)
from sync.intake import standing
from sync.shops import Context
from sync.vault import KeyMissing, Vault
from sync.work import Answer, ArgumentWrong, Running, tell

FOLDER: Final = Path("files") / "imports"
# What was looked at and never taken in
KEPT_S: Final = 24 * 3600
STEPS: Final = {
    "reading": "読んでいます | Reading",
    "orders": "受注を取り込んでいます | Taking in orders",
    "cancellations": "取消を結んでいます | Matching cancellations",
}


def folder_of(data: Path) -> Path:
    """Where uploaded files wait, below the data folder."""
    return data / FOLDER


def unpacked(path: Path, packed: io.BytesIO | None = None) -> BinaryIO:
    """Open a file (or what was read of it), unpacking .xz and .gz as it is read."""
    match path.suffix.lower():
        case ".xz":
            return cast("BinaryIO", lzma.open(packed or path, "rb"))
        case ".gz":
            return cast("BinaryIO", gzip.open(packed or path, "rb"))
        case _:
            return packed or path.open("rb")


def seal(path: Path, vault: Vault) -> None:
    """Encrypt a stored file in its place; one that is sealed already stays as it is."""
    plain = path.read_bytes()
    if plain.startswith(tuple(vault.prefixes)):
        return
    half = path.with_name(f"{path.name}.sealed")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(vault.seal(plain, _context_of(path)))
    half.replace(path)


def opened(path: Path, vault: Vault) -> BinaryIO:
    """Open a sealed file, unpacking it as it is read; its plain bytes are in memory alone."""
    return unpacked(path, io.BytesIO(vault.open(path.read_bytes(), _context_of(path))))


def _context_of(path: Path) -> str:
    return f"files.imports:{path.name}"


def import_orders(context: Context, running: Running) -> Answer:
    """Run the import that a request was made for; what is wrong with the file is why it failed."""
    found = sql.rows(context.connection, "import_claimed", job_request_id=running.job_request_id)
    if not found:
        raise ArgumentWrong
    asked = found[0]
    path = folder_of(context.settings.data) / asked.stored_as
    try:
        # First of all: it waits for a person to have looked, and names and addresses stand in it
        seal(path, context.vault)
        summary = _summary(context, running, asked, path)
    except (sql.errors.Refused, sql.errors.DaichoError) as wrong:
        raise ImportWrong(wrong.message, hint=wrong.hint) from wrong
    except (FileNotFoundError, KeyMissing) as wrong:
        raise ImportWrong(
            "ファイルは消されています。もう一度送ってください。 | The file is gone: send it again."
        ) from wrong
    except (EOFError, lzma.LZMAError, gzip.BadGzipFile) as wrong:
        raise ImportWrong(
            "ファイルを展開できません。壊れているかもしれません。 | The file cannot be unpacked; it may be damaged."
        ) from wrong
    if not asked.is_dry_run:
        path.unlink(missing_ok=True)
    return summary


def _summary(context: Context, running: Running, asked: Any, path: Path) -> Answer:  # noqa: ANN401 - a row
    def progress(step: str, done: int, of_all: int) -> None:
        tell(context, running, step=STEPS[step], done=done, of_all=of_all)

    shop = find_shop(context.connection, asked.shop_code)
    assert shop is not None  # noqa: S101 - the row refers to it
    # It waited in a queue: shop and map may have changed since it was asked for
    refuse_foreign(shop, asked.map_code, map_layout(context.connection, asked.map_code))
    channel = open_channel(context.connection, shop, asked.map_code)
    progress("reading", 0, 0)
    with opened(path, context.vault) as stream:
        content = channel.content(SourceFile(file_name=asked.file_name, stream=stream))
    if asked.is_dry_run:
        raws = [one.raw for one in content.of("order")]
        known = standing(context.connection, context.vault, shop.shop_id, raws)
        return preview(channel, content, known).json()
    work = Import(
        connection=context.connection,
        vault=context.vault,
        shop=shop,
        map_code=asked.map_code,
        is_history=asked.is_history,
        channel=channel,
        progress=progress,
    )
    return work.run(content).json()


def remove_old(data: Path) -> int:
    """Remove files that were looked at and not taken in for a day; returns how many."""
    removed = 0
    folder = folder_of(data)
    for path in folder.iterdir() if folder.is_dir() else ():
        if time.time() - path.stat().st_mtime > KEPT_S:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
