"""The job behind the import page: a stored file is looked at or taken in, then removed."""

from __future__ import annotations

import gzip
import lzma
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import sql
from sync.contract import SourceFile
from sync.errors import SyncError
from sync.file_import import Import, find_shop, open_channel, preview
from sync.shops import Context

FOLDER: Final = Path("files") / "imports"
# What was looked at and never taken in
KEPT_S: Final = 24 * 3600


def folder_of(data: Path) -> Path:
    """Where uploaded files wait, below the data folder."""
    return data / FOLDER


def unpacked(path: Path) -> BinaryIO:
    """Open a file, unpacking .xz and .gz as it is read."""
    match path.suffix.lower():
        case ".xz":
            return cast("BinaryIO", lzma.open(path, "rb"))
        case ".gz":
            return cast("BinaryIO", gzip.open(path, "rb"))
        case _:
            return path.open("rb")


def import_orders(context: Context, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Run one row of `transit.file_import`; what is wrong with the file is its result, no failure."""
    number = int(arguments["file_import_id"])
    claimed = sql.rows(context.connection, "import_claimed", file_import_id=number)
    if not claimed:
        return {"ended": True}
    asked = claimed[0]
    path = folder_of(context.settings.data) / asked.stored_as
    summary: Mapping[str, Any] | None = None
    error: str | None = None
    try:
        summary = _summary(context, asked, path, number)
    except (SyncError, sql.errors.Refused, sql.errors.DaichoError) as wrong:
        error = "\n".join(text for text in (wrong.message, wrong.hint) if text)
    except FileNotFoundError:
        error = (
            "ファイルは消されています。もう一度送ってください。 | The file is gone: send it again."
        )
    except (EOFError, lzma.LZMAError, gzip.BadGzipFile):
        error = "ファイルを展開できません。壊れているかもしれません。 | The file cannot be unpacked; it may be damaged."
    sql.rows(
        context.connection,
        "import_ended",
        file_import_id=number,
        summary=None if summary is None else sql.Json(summary),
        error=error,
    )
    if not asked.is_dry_run:
        path.unlink(missing_ok=True)
    return {"file_import_id": number}


def _summary(context: Context, asked: Any, path: Path, number: int) -> Mapping[str, Any]:  # noqa: ANN401 - a row
    def progress(step: str, done: int, of_all: int) -> None:
        sql.rows(
            context.connection,
            "import_progress",
            file_import_id=number,
            step=step,
            done=done,
            of_all=of_all,
        )

    shop = find_shop(context.connection, asked.shop_code)
    assert shop is not None  # noqa: S101 - the row refers to it
    channel = open_channel(context.connection, shop, asked.map_code)
    progress("reading", 0, 0)
    with unpacked(path) as stream:
        content = channel.content(SourceFile(file_name=asked.file_name, stream=stream))
    if asked.is_dry_run:
        return preview(channel, content).json()
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
