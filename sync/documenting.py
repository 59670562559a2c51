"""Documents of chosen orders as one PDF, read as the person who asked."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

import sql
from sql import reading
from sync import exporting
from sync.asking import Person, as_person
from sync.documents import TEMPLATES, NoSuchDocument, template_of
from sync.errors import SyncError
from sync.render import pages
from sync.render.amounts import day
from sync.render.order_pages import House, delivery_note, picking_list, picking_total
from sync.shops import SYSTEM_ACCOUNT, Context
from sync.work import Done, Running, refusals_said, tell

RELATION: Final = "sales.sales_order"
ORDERS_MAX: Final = 5_000
PAGE: Final = 1_000
STEP: Final = "帳票を作っています | Making documents"
TITLES: Final = {
    "delivery_note": ("納品書", "Delivery notes"),
    "gift_delivery_note": ("お届け明細", "Packing slips"),
    "picking_list": ("ピッキングリスト（受注別）", "Picking list by order"),
    "picking_total": ("ピッキングリスト（合計）", "Total picking list"),
}
# Those that staff read are in their own language, not in the buyer's
OURS: Final = frozenset({"picking_list", "picking_total"})

Page = Mapping[str, Any]


class NoOrders(SyncError):
    """受注がありません。 | There are no orders to print."""

    hint_default = (
        "一覧で受注を選んで、もう一度作ります。 | Choose orders in the list, then make it again."
    )


class TooManyOrders(SyncError):
    """一度に作れるのは 5,000 件までです。 | Documents of at most 5,000 orders are made at once."""

    hint_default = "条件でしぼって、分けて作ります。 | Narrow the list down and make them in parts."


def make_documents(context: Context, running: Running) -> Done:
    """Make the file that a request asks for. It begins anew when it died: a file is whole or not there."""
    kind = str(running.arguments.get("document_kind"))
    if kind not in TEMPLATES:
        raise NoSuchDocument
    with (
        refusals_said(),
        sql.connect(context.settings.worker_database_url, account_id=SYSTEM_ACCOUNT) as connection,
        as_person(connection, running.person, asked_as=running.asked_as) as person,
    ):
        ids = _chosen(connection, running.arguments)
        house = _house(connection, person)
        if kind == "picking_total":
            rows = sql.call(connection, "document.picking_total", list(ids))
            found = [picking_total([row._asdict() for row in rows], len(ids))]
        else:
            found = list(_read(connection, ids))
    # No transaction is open while type is set
    files = (
        [_set(kind, house, found)]
        if kind == "picking_total"
        else list(_files(context, running, kind, house, found))
    )
    stored = _kept(context, running, pages.merged(files))
    title = house.t(*TITLES[kind])
    return Done(
        answer={"documents": len(ids)},
        file_name=f"{title}-{house.issued_on:%Y%m%d}.pdf",
        stored_as=stored,
    )


def _chosen(connection: sql.Connection, arguments: Mapping[str, Any]) -> Sequence[int]:
    """The orders, oldest first: as they came in, so they leave."""
    where = reading.where_of(
        connection, RELATION, arguments.get("condition"), arguments.get("keys")
    )
    found = reading.pages(
        connection,
        RELATION,
        ["sales_order_id"],
        where=where,
        order=[("ordered_at", False), ("sales_order_id", False)],
        size=ORDERS_MAX + 1,
        finite=set(),
    )
    ids = [row[0] for row in next(iter(found), [])]
    if not ids:
        raise NoOrders
    if len(ids) > ORDERS_MAX:
        raise TooManyOrders
    return ids


def _house(connection: sql.Connection, person: Person) -> House:
    zone = ZoneInfo(str(sql.value(connection, "base.setting_text", "time_zone")))
    today: date = sql.value(connection, "base.today")
    reduced = Decimal(str(sql.value(connection, "base.setting_text", "tax_rate_reduced")))
    return House(language=person.locale, zone=zone, issued_on=today, reduced_rate=reduced)


def _read(connection: sql.Connection, ids: Sequence[int]) -> Iterator[Page]:
    for begin in range(0, len(ids), PAGE):
        for row in sql.call(connection, "document.order_pages", list(ids[begin : begin + PAGE])):
            yield row.page


def _files(
    context: Context,
    running: Running,
    kind: str,
    house: House,
    found: Sequence[Page],
) -> Iterator[bytes]:
    """One file for so many orders of one language, in the order of the orders."""
    done, of_all = 0, len(found)
    tell(context, running, step=STEP, done=done, of_all=of_all)

    def language(page: Page) -> str:
        return house.language if kind in OURS else str(page["locale"])

    for spoken, same in groupby(found, key=language):
        local = replace(house, language=spoken)
        several: list[dict[str, Any]] = []
        for page in same:
            several.append(_document(kind, page, local))
            if len(several) == pages.CHUNK:
                yield _set(kind, local, several)
                done += len(several)
                several = []
                tell(context, running, step=STEP, done=done, of_all=of_all)
        if several:
            yield _set(kind, local, several)
            done += len(several)
            tell(context, running, step=STEP, done=done, of_all=of_all)


def _document(kind: str, page: Page, house: House) -> dict[str, Any]:
    if kind == "picking_list":
        return picking_list(page, house)
    return delivery_note(page, house, is_gift=kind == "gift_delivery_note" or page["is_gift"])


def _set(kind: str, house: House, documents: Sequence[Mapping[str, Any]]) -> bytes:
    return pages.typeset(
        template_of(kind),
        {
            "locale": house.language,
            "title": house.t(*TITLES[kind]),
            "issued_on": day(house.issued_on, house.zone, house.language),
            "documents": documents,
        },
    )


def _kept(context: Context, running: Running, content: bytes) -> str:
    """Keep the file where exports are fetched from; only we may read it."""
    folder = exporting.folder_of(context.settings.data)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored = secrets.token_hex(16)
    part = folder / f"{running.job_request_id}-{stored}.part"
    part.touch(mode=0o600)
    part.write_bytes(content)
    part.rename(folder / stored)
    return stored
