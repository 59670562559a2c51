"""Take orders in from a file, through a saved column map."""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import lzma
import re
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import sql
from scripts.demo import write_channels
from scripts.sentence import CannotGoOn, guarded, say
from scripts.servers.together import loaded
from sync.channels.file.content import Content
from sync.contract import SourceFile
from sync.errors import SyncError
from sync.file_import import (
    Import,
    ImportShop,
    ImportSummary,
    find_shop,
    make_shop,
    map_layout,
    open_channel,
    preview,
    refuse_foreign,
    shop_to_be,
    write_maps,
)
from sync.file_job import unpacked
from sync.intake import standing
from sync.replay import opening_stock, parted, replay
from sync.vault import Vault

SYSTEM_ACCOUNT = 1
# For scripts (2 is a wrong argument): the file was read, and all of it waits in the inbox
NOTHING_TAKEN = 3
CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")
LABELS = {
    "rows_read": "読んだ行 | rows read",
    "orders_accepted": "取り込んだ受注 | orders taken in",
    "lines_accepted": "その明細 | their lines",
    "orders_changed": "変わった受注 | orders changed",
    "orders_cancelled": "キャンセルされた受注 | orders cancelled",
    "unchanged": "前と同じもの | unchanged",
    "cancellations_matched": "売上に結んだ取消の行 | cancelled lines matched to a sale",
    "adjustments": "在庫調整 | adjustments of stock",
    "skus_made": "新しく作った SKU | SKUs made",
}


def shown(summary: ImportSummary) -> None:
    """Print a summary for a person."""
    for name, label in LABELS.items():
        print(f"  {getattr(summary, name):>10,}  {label}")
    for reason, count in summary.set_aside.items():
        print(f"  {count:>10,}  要対応へ | set aside: {reason}")
    for problem in summary.problems:
        print(f"    {problem}")
    print(f"  {summary.seconds:>10.1f}  秒 | seconds")


def figures(connection: sql.Connection, shop: ImportShop) -> None:
    """Print how a shop's orders that are not history stand."""
    for row in sql.rows(connection, "import_figures", shop_id=shop.shop_id):
        print(f"  {row.orders:>10,}  {row.label}")


def live_part(work: Import, content: Content, options: argparse.Namespace) -> Content:
    """Take what lies before a day as history, receive opening stock, and return the rest."""
    day = dt.datetime.combine(options.live_from, dt.time(), ZoneInfo(work.shop.time_zone))
    past, rest = parted(content, day)
    summary = replace(work, is_history=True, set_aside=Counter()).run(past)
    received = opening_stock(work.connection, work.shop, work.channel, rest, options.stock)
    if not options.json:
        print(f"~ {options.live_from}")
        shown(summary)
        print(f"  {received:>10,}  期首在庫を入れた SKU | SKUs with opening stock")
        print(f"{options.live_from} ~")
    return rest


def run(options: argparse.Namespace) -> int:
    path: Path = options.file
    if not path.is_file():
        raise CannotGoOn(f"ファイル {path} がありません。", f"There is no file {path}.")
    with loaded(options.data) as up:
        vault = Vault(up.settings.secret_keys)
        with sql.connect(up.settings.worker_database_url, account_id=SYSTEM_ACCOUNT) as worker:
            if not options.dry_run:
                write_channels(worker)
                write_maps(worker)
            layout = map_layout(worker, options.map)
            shop = find_shop(worker, options.shop)
            if shop is not None:
                refuse_foreign(shop, options.map, layout)
            if not CODE.fullmatch(options.shop):
                raise CannotGoOn(
                    f"店舗コード {options.shop} は使えません。英小文字で始まり、英小文字、数字、_ . - で 63 文字までです。",
                    f"{options.shop} is no shop code: small letters, digits and _ . -, 63 at most.",
                )
            reader = open_channel(
                worker, shop or shop_to_be(worker, options.shop, options.map), options.map
            )
            with unpacked(path) as stream:
                content = reader.content(SourceFile(file_name=path.name, stream=stream))
            if shop is None and options.dry_run:
                shop = shop_to_be(worker, options.shop, options.map)
            if shop is None:
                shop = make_shop(worker, options.shop, options.map)
                if not options.json:
                    say(
                        f"店舗 {options.shop} を新しく作りました（ファイルの店）。",
                        f"The shop {options.shop} is new: it was made, as a shop of files.",
                    )
            channel = open_channel(worker, shop, options.map)
            if options.dry_run:
                raws = [one.raw for one in content.of("order")]
                known = standing(worker, vault, shop.shop_id, raws)
                summary = preview(channel, content, known)
            else:
                work = Import(
                    connection=worker,
                    vault=vault,
                    shop=shop,
                    map_code=options.map,
                    is_history=options.history,
                    channel=channel,
                )
                if options.live_from is not None:
                    summary = replay(work, live_part(work, content, options))
                else:
                    summary = work.run(content)
            if options.json:
                print(json.dumps(summary.json(), ensure_ascii=False))
            else:
                shown(summary)
            if options.live_from is not None and not options.dry_run and not options.json:
                figures(worker, shop)
    return NOTHING_TAKEN if summary.is_all_set_aside else 0


def main(arguments: list[str] | None = None) -> int:
    """ファイルから受注を取り込む。 | Take orders in from a file."""
    parser = argparse.ArgumentParser(prog="scripts/import", description=main.__doc__)
    parser.add_argument("what", choices=["orders"], help="何を | what")
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="ファイル（.xz .gz も） | file, also .xz and .gz"
    )
    parser.add_argument("--shop", required=True, metavar="CODE", help="店舗コード | shop code")
    parser.add_argument("--map", required=True, metavar="NAME", help="列の対応表 | column map")
    parser.add_argument(
        "--history",
        action="store_true",
        help="過去受注として。在庫、送信、メールを動かさない | as past orders: no stock, nothing sent",
    )
    parser.add_argument(
        "--live-from",
        type=dt.date.fromisoformat,
        metavar="DAY",
        help="この日より前は過去受注、以後は期首在庫を入れて一日ずつ生きた受注として"
        " | before this day as history, from it on live, day by day, with opening stock",
    )
    parser.add_argument(
        "--stock",
        type=Decimal,
        default=Decimal("0.95"),
        metavar="SHARE",
        help="期首在庫。これからの受注数に対する割合 | opening stock, as a share of what will be ordered",
    )
    parser.add_argument("--dry-run", action="store_true", help="書かずに見る | look, write nothing")
    parser.add_argument("--json", action="store_true", help="JSON で | as JSON")
    parser.add_argument("--data", type=Path, metavar="DIR", help="データフォルダー | data folder")
    options = parser.parse_args(arguments)
    return guarded(lambda: told(options))


def told(options: argparse.Namespace) -> int:
    """Turn what the file channel says into a sentence of this command."""
    try:
        return run(options)
    except SyncError as error:
        lines = [error.hint] if error.hint else []
        ja, _, en = error.message.partition(" | ")
        raise CannotGoOn(ja, en or ja, lines=lines) from error
    except (EOFError, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise CannotGoOn(
            f"ファイル {options.file} を展開できません。壊れているかもしれません。",
            f"The file {options.file} cannot be unpacked: it may be damaged.",
        ) from error


if __name__ == "__main__":
    sys.exit(main())
