"""A thousand delivery notes in one PDF, beside WeasyPrint on the same notes where it is installed."""

from __future__ import annotations

import html
import json
import random
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import sql
from config import PROJECT, Settings
from scripts.benches import Context, Database, Result
from scripts.benches._orders import BEGAN, accept, draft, fill, keep_messages
from sync.render.order_pages import House, delivery_note
from sync.shops import SYSTEM_ACCOUNT

NOTES, QUICK = 1_000, 200
PAGE: Final = 500
SINGLES: Final = 7
MEGABYTE: Final = 1024 * 1024
# Apart from ours: it says for itself what it took
WEASYPRINT: Final = """
import json, resource, sys
import weasyprint
made = weasyprint.HTML(filename=sys.argv[1]).write_pdf()
took = resource.getrusage(resource.RUSAGE_SELF)
json.dump({"cpu_s": took.ru_utime + took.ru_stime, "mb": took.ru_maxrss / 1024, "bytes": len(made)}, sys.stdout)
"""
STYLE: Final = """
@page { size: A4; margin: 16mm 18mm 18mm; @bottom-right { content: counter(page); font-size: 8pt; color: #5b6170 } }
body { font: 9.5pt 'Noto Sans CJK JP', sans-serif } section { break-before: page; counter-reset: page 1 }
h1 { font-size: 18pt; border-bottom: 0.8pt solid } table { width: 100%; border-collapse: collapse }
td, th { padding: 2mm; border-bottom: 0.4pt solid #c9ccd3; text-align: left } .n { text-align: right } .from { text-align: right }
"""


def run(context: Context) -> Result:
    """So many notes by the job that the screens ask for, then one at a time, then the same notes by WeasyPrint."""
    notes = QUICK if context.quick else NOTES
    database = context.database()
    settings = replace(
        context.servers.settings,
        worker_database_url=database.worker,
        web_database_url=database.web,
        database_url=database.admin,
    )
    try:
        ids = _orders(database, notes)
        everything: list[tuple[str, int | None]] = [
            ("delivery_note", None),
            ("packing_label", None),
        ]
        asked = _asked(
            settings, database, [*everything, *(("delivery_note", one) for one in ids[:SINGLES])]
        )
        found = _worked(settings, asked)
        with sql.connect(database.admin) as admin:
            done = sql.run(
                admin,
                "select answer, error, stored_as from transit.job_request order by job_request_id",
            )
            pages = [row.page for row in sql.call(admin, "document.order_pages", ids)]
        if any(row.error for row in done) or done[0].answer != {"documents": notes}:
            raise ValueError(f"not all documents were made: {done[0].answer} {done[0].error}")
        size = (settings.data / "files" / "exports" / done[0].stored_as).stat().st_size
        beside = _weasyprint(settings.data, pages)
    finally:
        context.drop(database)
    whole, labels, *singles = found["took"]
    ratios = {
        "peak_mb_of_a_process": max(found["worker_mb"], found["child_mb"]),
        "pdf_mb": size / MEGABYTE,
        "one_note_s": min(one["wall_s"] for one in singles),
    }
    targets = {
        "peak_mb_of_a_process": ("<=", 400.0),
        "pdf_mb": ("<=", 6.0),
        "one_note_s": ("<=", 0.2),
    }
    figures = {
        f"{notes} notes, processor s": whole["cpu_s"],
        f"{notes} notes, wall s": whole["wall_s"],
        f"{notes} packing labels, processor s": labels["cpu_s"],
        "one note, median wall s": statistics.median(one["wall_s"] for one in singles),
        "one note, processor s": statistics.median(one["cpu_s"] for one in singles),
        "worker, MB": found["worker_mb"],
        "largest child, MB": found["child_mb"],
    }
    if beside:
        ratios["weasyprint_to_typst_cpu"] = beside["cpu_s"] / whole["cpu_s"]
        targets["weasyprint_to_typst_cpu"] = (">=", 10.0)
        figures |= {
            "weasyprint, processor s": beside["cpu_s"],
            "weasyprint, MB": beside["mb"],
            "weasyprint, PDF MB": beside["bytes"] / MEGABYTE,
        }
    else:
        print(
            "WeasyPrint がないので、比べません（weasyprint を PATH に置くと比べます）。 | "
            "WeasyPrint is not here: nothing to compare with (put `weasyprint` on the PATH).",
            file=sys.stderr,
        )
    return Result(ratios=ratios, targets=targets, figures=figures)


def _orders(database: Database, notes: int) -> list[int]:
    """Take so many orders in; a sender that says all it can."""
    fill(database.worker, shops=1, skus=200, bundles=0, on_hand=100_000)
    with sql.connect(database.worker, account_id=SYSTEM_ACCOUNT) as worker:
        for first in range(0, notes, PAGE):
            chance = random.Random(first)
            made = [
                draft(number, 1, f"3000-20261101-{number:010d}", _lines(chance), at_s=number)
                for number in range(first + 1, first + 1 + min(PAGE, notes - first))
            ]
            keep_messages(worker, made)
            accept(worker, made)
    with sql.connect(database.admin) as admin:
        sql.run(
            admin,
            "insert into document.sender (shop_id, sender_name, invoice_registration_no, postal_code, address, phone, note)"
            " values (1, '日の出市場店', 'T1234567890123', '604-8151', '京都市中京区1-2', '075-111-2222', '冷暗所で保管')",
        )
        return [
            row[0]
            for row in sql.run(
                admin, "select sales_order_id from sales.sales_order order by sales_order_id"
            )
        ]


def _lines(chance: random.Random) -> list[tuple[str, int]]:
    """One to eight lines, as delivery notes have them."""
    return [
        (f"L{1 + chance.randrange(200)}", chance.choice((1, 1, 1, 2)))
        for _ in range(chance.randint(1, 8))
    ]


def _asked(
    settings: Settings, database: Database, chosen: Sequence[tuple[str, int | None]]
) -> list[int]:
    """Ask for documents of all orders, or of one, as the owner's page does."""
    with sql.connect(database.admin) as admin:
        owner = sql.run(
            admin,
            "insert into staff.account (login_name, display_name, staff_role, sees_all_shops, sees_all_warehouses)"
            " values ('bench', 'bench', 'owner', true, true) returning account_id",
        )[0][0]
    with sql.connect(database.web, account_id=owner) as web:
        sql.run(web, f"set role {settings.role_prefix}owner")
        return [
            sql.value(
                web,
                "transit.work_ask",
                "make_documents",
                "帳票 | Documents",
                sql.Json(
                    {"document_kind": kind} | ({"keys": [{"sales_order_id": one}]} if one else {})
                ),
            )
            for kind, one in chosen
        ]


def _worked(settings: Settings, asked: Sequence[int]) -> Mapping[str, Any]:
    """Run the jobs in a process that does nothing else."""
    told = {
        "worker_database_url": settings.worker_database_url,
        "redis_url": settings.redis_url,
        "secret_keys": list(settings.secret_keys),
        "data": str(settings.data),
        "jobs": list(asked),
    }
    done = subprocess.run(
        [sys.executable, "-m", "scripts.benches._notes"],
        cwd=PROJECT,
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def _weasyprint(folder: Path, pages: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The same notes by the WeasyPrint on the PATH, with whatever Python it is installed for."""
    command = shutil.which("weasyprint")
    if command is None:
        return None
    python = Path(command).read_text("utf-8").splitlines()[0].removeprefix("#!").strip()
    source = folder / "notes.html"
    source.write_text(_html(pages), "utf-8")
    done = subprocess.run(
        [python, "-c", WEASYPRINT, str(source)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def _html(pages: Sequence[Mapping[str, Any]]) -> str:
    """What the Typst template says, as HTML."""
    house = House(language="ja", zone=ZoneInfo("Asia/Tokyo"), issued_on=BEGAN.date())
    notes = (_section(delivery_note(page, house, is_gift=page["is_gift"])) for page in pages)
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{''.join(notes)}"


def _section(note: Mapping[str, Any]) -> str:
    def e(value: object) -> str:
        return html.escape(str(value))

    to, sender = note["recipient"], note["sender"]
    rows = "".join(
        f"<tr><td>{e(line['name'])}{' ※' if line.get('is_reduced') else ''}<br>{e(line['option'])}<td>{e(line['code'])}"
        f"<td class=n>{e(line['quantity'])}<td class=n>{e(line.get('unit_price', ''))}<td class=n>{e(line.get('amount', ''))}"
        for line in note["lines"]
    )
    sums = "".join(f"<p class=n>{e(row['label'])} {e(row['amount'])}" for row in note["sums"])
    return (
        f"<section><h1>納品書</h1><p class=n>受注番号 {e(note['external_order_no'])} 伝票番号 {e(note['order_no'])}"
        f" ご注文日 {e(note['ordered_on'])}<p>〒{e(to['postal_code'])} {e(to['region'])}{e(to['address_line1'])} {e(to['address_line2'])}"
        f"<p><b>{e(to['name'])} 様</b><p class=from>{e(sender['name'])} 〒{e(sender['postal_code'])} {e(sender['address'])}"
        f" 電話 {e(sender['phone'])} 登録番号 {e(sender['registration_no'])}<p>{e(note['greeting'])}"
        f"<table><thead><tr><th>品名<th>商品コード<th class=n>数量<th class=n>単価<th class=n>金額</thead>{rows}</table>{sums}"
        f"<p class=n>{e('　'.join(note['tax_lines']))}<p>{e(note['note'])}</section>"
    )
