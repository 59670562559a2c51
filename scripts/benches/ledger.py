"""Ledger entries by the set-based call, against COPY into the same table without its balance."""

from __future__ import annotations

import random
import threading
import time

import sql
from scripts.benches import Context, Result
from scripts.benches._orders import accept, draft, drafts, fill, keep_messages

SKUS, ROWS, SESSIONS = 5000, 1000, 50


def entries(chance: random.Random, first: int, count: int) -> list[dict[str, int]]:
    """Make receipts of some hot and many cold SKUs, each with a cause of its own."""
    return [
        {
            "sku_id": 1 + int(chance.random() ** 2 * SKUS),
            "warehouse_id": 1,
            "quantity": chance.randint(1, 9),
            "cause_id": first + number,
        }
        for number in range(count)
    ]


def last_piece(url: str) -> tuple[int, int]:
    """Let 50 sessions order the last piece of one SKU at once; returns (got it, errors)."""
    with sql.connect(url, account_id=1) as worker:
        sku = sql.run(
            worker,
            "insert into catalog.sku (sku_code, sku_name) values ('LAST', '最後') returning sku_id",
        )[0][0]
        worker.execute(
            "insert into channel.listing (shop_id, external_listing_no, sku_id) values (1, 'LAST', %s)",
            (sku,),
        )
        entry = {"sku_id": sku, "warehouse_id": 1, "quantity": 1, "cause_id": 10**9}
        sql.call(worker, "stock.stock_receive", "opening", sql.Json([entry]))
        made = [
            draft(0, 1, f"last-{number:06d}", [("LAST", 1)], at_s=number)
            for number in range(SESSIONS)
        ]
        keep_messages(worker, made)
    gate, failed = threading.Barrier(SESSIONS), []

    def order(number: int) -> None:
        with sql.connect(url, account_id=1) as mine:
            gate.wait()
            try:
                accept(mine, [made[number]])
            except sql.errors.DatabaseError as error:
                failed.append(error)

    threads = [threading.Thread(target=order, args=(number,)) for number in range(SESSIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sql.connect(url, account_id=1) as worker:
        got = sql.run(
            worker,
            "select count(*) from sales.sales_order_line where sku_id = %s and quantity_reserved = 1",
            (sku,),
        )[0][0]
    return got, len(failed)


def storm(url: str, *, pages: int, rounds: int) -> int:
    """Let pages with the same orders, changed and cancelled, overlap; returns how many failed."""
    failed: list[Exception] = []

    def run(number: int) -> None:
        chance = random.Random(number)
        with sql.connect(url, account_id=1) as mine:
            for turn in range(rounds):
                page = drafts(random.Random(turn), 60, 10**6 + turn * 40, shops=3, listings=90)
                for one in chance.sample(page, 15):
                    page.append(
                        {
                            **one,
                            "changed_at": f"2026-11-2{chance.randrange(10)}T00:00:{number:02d}+00:00",
                            "is_cancelled": chance.random() < 0.2,
                            "digest": f"{chance.getrandbits(128):032x}",
                        }
                    )
                chance.shuffle(page)
                keep_messages(mine, page)
                try:
                    accept(mine, page)
                except sql.errors.DatabaseError as error:
                    failed.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(pages)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(failed)


def run(context: Context) -> Result:
    """1,000 rows a call against COPY; the last piece; overlapping pages."""
    rounds = 5 if context.quick else 40 if context.large else 15
    database = context.database()
    fill(database.worker, shops=3, skus=SKUS, bundles=100, on_hand=50)
    chance = random.Random(5)
    by_call = by_copy = 0.0
    with (
        sql.connect(database.admin) as admin,
        sql.connect(database.worker, account_id=1) as worker,
    ):
        admin.execute("create table public.twin (like stock.stock_entry including all)")
        for name, text in admin.execute(
            "select conname, pg_get_constraintdef(oid) from pg_constraint"
            " where contype = 'f' and conrelid = 'stock.stock_entry'::regclass"
        ).fetchall():
            sql.run(admin, f"alter table public.twin add constraint {name} {text}")
        first = 10**7
        for turn in range(rounds + 1):
            batch = entries(chance, first, ROWS)
            first += ROWS
            began = time.perf_counter()
            sql.call(worker, "stock.stock_receive", "goods_receipt_line", sql.Json(batch))
            took = time.perf_counter() - began
            rows = admin.execute(
                "select entered_at, sku_id, warehouse_id, cause_id, account_id, on_hand_change,"
                " reserved_change, cause_part, cause, reason, stock_entry_id from stock.stock_entry"
                " where cause = 3 and cause_id >= %s order by stock_entry_id",
                (first - ROWS,),
            ).fetchall()
            columns = (
                "entered_at sku_id warehouse_id cause_id account_id on_hand_change"
                " reserved_change cause_part cause reason stock_entry_id"
            ).split()
            began = time.perf_counter()
            sql.copy(admin, "public.twin", columns, rows)
            copied = time.perf_counter() - began
            if turn:  # the first is warm-up
                by_call += took
                by_copy += copied
        got, refused = last_piece(database.worker)
        deadlocks = storm(database.worker, pages=8, rounds=3 if context.quick else 12)
        wrong = [
            row.check_name
            for row in sql.call(worker, "staff.checks_run")
            if row.findings and row.check_name not in ("check_access", "check_message")
        ]
    context.drop(database)
    if wrong:
        message = f"checks found something after the run: {wrong}"
        raise AssertionError(message)
    return Result(
        ratios={
            "call_to_copy": by_copy / by_call,
            "last_piece_got": float(got),
            "last_piece_lost": float(1 - got),
            "last_piece_errors": float(refused),
            "storm_errors": float(deadlocks),
        },
        targets={
            "call_to_copy": (">=", 0.4),
            "last_piece_got": ("<=", 1.0),
            "last_piece_lost": ("<=", 0.0),
            "last_piece_errors": ("<=", 0.0),
            "storm_errors": ("<=", 0.0),
        },
        figures={
            "entries a second, call": ROWS * rounds / by_call,
            "entries a second, copy": ROWS * rounds / by_copy,
        },
    )
