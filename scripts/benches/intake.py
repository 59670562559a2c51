"""Orders taken in by one set-based call, against COPY of the rows that it writes, and an ORM."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import sql
from scripts.benches import Context, Result
from scripts.benches._orders import Draft, accept, drafts, fill, keep_messages
from scripts.benches._orm import Mapped

SHOPS, SKUS, BUNDLES, ON_HAND = 12, 5000, 200, 4000
PAGE = 1000
# What one page writes, parents first; the key tells which rows are new
WRITTEN = (
    ("customer.customer", "customer_id"),
    ("customer.customer_party", "customer_id"),
    ("customer.identity", "customer_id"),
    ("sales.sales_order", "sales_order_id"),
    ("sales.sales_order_party", "sales_order_id"),
    ("sales.sales_order_line", "sales_order_line_id"),
    ("sales.sales_order_fee", "sales_order_fee_id"),
    ("sales.payment", "payment_id"),
    ("sales.hold", "hold_id"),
    ("stock.stock_entry", "stock_entry_id"),
)
TWINNED = {name for name, _ in WRITTEN}


def make_twins(admin: sql.Connection) -> None:
    """Make empty tables with the same columns, keys, checks, indexes, audit and policies."""
    admin.execute("create schema twin")
    for name, _ in WRITTEN:
        twin = "twin." + name.split(".")[1]
        sql.run(admin, f"create table {twin} (like {name} including all)")
        sql.run(admin, f"alter table {twin} enable row level security")
        sql.run(admin, f"select staff.audit_attach('{twin}', false)")
    for name, _ in WRITTEN:
        twin = "twin." + name.split(".")[1]
        for constraint, definition in admin.execute(
            "select conname, pg_get_constraintdef(oid) from pg_constraint"
            " where contype = 'f' and conrelid = %s::regclass",
            (name,),
        ).fetchall():
            text = definition
            for other in TWINNED:
                twinned = f"REFERENCES twin.{other.split('.')[1]}("
                text = text.replace(f"REFERENCES {other}(", twinned)
            sql.run(admin, f"alter table {twin} add constraint {constraint} {text}")


def highest(admin: sql.Connection) -> dict[str, int]:
    """Read the highest key of each written table."""
    return {
        name: sql.run(admin, f"select coalesce(max({key}), 0) from {name}")[0][0]
        for name, key in WRITTEN
    }


def new_rows(
    admin: sql.Connection, since: dict[str, int]
) -> dict[str, tuple[list[str], list[Any]]]:
    """Read the rows written since, with the columns that can be written."""
    found: dict[str, tuple[list[str], list[Any]]] = {}
    for name, key in WRITTEN:
        columns = [
            row[0]
            for row in admin.execute(
                "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
                " and not attisdropped and attgenerated = '' order by attnum",
                (name,),
            )
        ]
        rows = sql.run(
            admin,
            f"select {', '.join(columns)} from {name} where {key} > {since[name]} order by {key}",
        )
        found[name] = (
            columns,
            [[sql.Json(v) if isinstance(v, dict) else v for v in row] for row in rows],
        )
    return found


def timed(work: Callable[[], object]) -> float:
    """Time one call, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def copy_twins(admin: sql.Connection, rows: dict[str, tuple[list[str], list[Any]]]) -> None:
    """Write the same rows to the twins by COPY, in one transaction."""
    with sql.transaction(admin):
        for name, _ in WRITTEN:
            columns, records = rows[name]
            sql.copy(admin, "twin." + name.split(".")[1], columns, records)


def changed(page: Sequence[Draft]) -> list[Draft]:
    """Make each order of a page anew: one line more pieces, later."""
    made: list[Draft] = []
    for one in page:
        lines = [dict(line) for line in one["lines"]]
        lines[0]["quantity"] += 1
        total = one["total"] + lines[0]["unit_price"]
        made.append(
            {
                **one,
                "lines": lines,
                "total": total,
                "changed_at": "2026-11-20T00:00:00+00:00",
                "digest": one["digest"][:-1] + ("0" if one["digest"][-1] != "0" else "1"),
            }
        )
    return made


def cancelled(page: Sequence[Draft]) -> list[Draft]:
    """Make the cancels of a page."""
    return [
        {
            **one,
            "is_cancelled": True,
            "changed_at": "2026-11-21T00:00:00+00:00",
            "digest": one["digest"][::-1].replace("-", "0", 1)[:0] + f"{index:032x}",
        }
        for index, one in enumerate(page)
    ]


def must(got: dict[str, int], outcome: str, count: int) -> None:
    """Fail when a page had another outcome than it should."""
    if got != {outcome: count}:
        message = f"expected {count} {outcome}, got {got}"
        raise AssertionError(message)


def run(context: Context) -> Result:
    """Pages of 1,000: new, again, changed, cancelled, with bundles; COPY; one insert per order."""
    rounds = 2 if context.quick else 8 if context.large else 5
    database = context.database()
    fill(database.worker, shops=SHOPS, skus=SKUS, bundles=BUNDLES, on_hand=ON_HAND)
    chance = random.Random(3)
    spent = dict.fromkeys(
        ("new", "copy", "again", "changed", "cancelled", "bundles", "single"), 0.0
    )
    orm_orders, orm_s = 0, 0.0
    with (
        sql.connect(database.admin) as admin,
        sql.connect(database.worker, account_id=1) as worker,
    ):
        mapped = Mapped(database.admin)
        make_twins(admin)
        admin.execute("analyze")
        warm = drafts(chance, 2000, 1, shops=SHOPS, listings=SKUS)
        for start in range(0, 2000, PAGE):
            keep_messages(worker, warm[start : start + PAGE])
            accept(worker, warm[start : start + PAGE])
        admin.execute("analyze")
        first = 10_000
        for _ in range(rounds):
            page = drafts(chance, PAGE, first, shops=SHOPS, listings=SKUS)
            first += PAGE
            keep_messages(worker, page)
            since = highest(admin)
            spent["new"] += timed(lambda page=page: must(accept(worker, page), "accepted", PAGE))
            rows = new_rows(admin, since)
            spent["copy"] += timed(lambda rows=rows: copy_twins(admin, rows))
            spent["again"] += timed(lambda page=page: must(accept(worker, page), "repeated", PAGE))
            later = changed(page)
            spent["changed"] += timed(
                lambda later=later: must(accept(worker, later), "changed", PAGE)
            )
            ends = cancelled(page)
            spent["cancelled"] += timed(
                lambda ends=ends: must(accept(worker, ends), "cancelled", PAGE)
            )
            sets = drafts(chance, PAGE, first, shops=SHOPS, listings=SKUS, bundles_from=SKUS)
            first += PAGE
            keep_messages(worker, sets)
            spent["bundles"] += timed(
                lambda sets=sets: must(accept(worker, sets), "accepted", PAGE)
            )
            for one in drafts(chance, 20, first, shops=SHOPS, listings=SKUS):
                keep_messages(worker, [one])
                spent["single"] += timed(lambda one=one: must(accept(worker, [one]), "accepted", 1))
            first += 20
            some = drafts(chance, 100, first, shops=SHOPS, listings=SKUS)
            first += 100
            orm_s += timed(lambda some=some: mapped.insert_each(some))
            orm_orders += len(some)
        wrong = [
            row.check_name
            for row in sql.call(worker, "staff.checks_run")
            if row.findings and row.check_name != "check_access"
        ]
        mapped.engine.dispose()
    context.drop(database)
    if wrong:
        message = f"checks found something after the run: {wrong}"
        raise AssertionError(message)
    per_s = {name: PAGE * rounds / seconds for name, seconds in spent.items() if name != "single"}
    return Result(
        ratios={
            "new_to_copy": per_s["new"] / per_s["copy"],
            "new_to_orm": per_s["new"] / (orm_orders / orm_s),
            "again_to_new": per_s["again"] / per_s["new"],
            "changed_to_new": per_s["changed"] / per_s["new"],
            "cancelled_to_new": per_s["cancelled"] / per_s["new"],
            "bundles_to_new": per_s["bundles"] / per_s["new"],
        },
        targets={
            "new_to_copy": (">=", 0.35),
            "new_to_orm": (">=", 20),
            "again_to_new": (">=", 0.3),
            "changed_to_new": (">=", 0.3),
            "cancelled_to_new": (">=", 0.3),
            "bundles_to_new": (">=", 0.3),
        },
        figures={
            **{f"{name} orders a second": rate for name, rate in per_s.items()},
            "orm orders a second": orm_orders / orm_s,
            "one order alone, ms": spent["single"] / (20 * rounds) * 1000,
        },
    )
