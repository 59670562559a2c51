"""Documents of chosen orders as one PDF, read as the person who asked."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

import sql
from sql import reading
from sync import exporting
from sync.asking import Person, as_person
from sync.errors import SyncError
from sync.render import pages
from sync.render.amounts import day
from sync.render.order_pages import (
    ORDERS_MAX,
    House,
    delivery_note,
    picking_list,
    picking_total,
)
from sync.render.standard import NoSuchDocument, template_of
from sync.render.words import side
from sync.shops import SYSTEM_ACCOUNT, Context
from sync.work import Done, Running, refusals_said, tell

RELATION: Final = "sales.sales_order"
PAGE: Final = 1_000
STEP: Final = "帳票を作っています | Making documents"
Page = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What the schema says of a document: its name, whether each order has one, whose language it speaks."""

    code: str
    label: str
    is_per_order: bool
    is_for_buyer: bool


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
    with (
        refusals_said(),
        sql.connect(context.settings.worker_database_url, account_id=SYSTEM_ACCOUNT) as connection,
        as_person(connection, running.person, asked_as=running.asked_as) as person,
    ):
        kind = _kind(connection, str(running.arguments.get("document_kind")))
        ids = _chosen(connection, running.arguments)
        house = _house(connection, person)
        if kind.is_per_order:
            found = list(_read(connection, ids))
        else:
            rows = sql.call(connection, "document.picking_total", list(ids))
            found = [picking_total([row._asdict() for row in rows], len(ids))]
    # No transaction is open while type is set
    files = (
        list(_files(context, running, kind, house, found))
        if kind.is_per_order
        else [_set(kind, house, found)]
    )
    stored = _kept(context, running, pages.merged(files))
    title = side(kind.label, house.language)
    return Done(
        answer={"documents": len(ids)},
        file_name=f"{title}-{house.issued_on:%Y%m%d}.pdf",
        stored_as=stored,
    )


def _kind(connection: sql.Connection, code: str) -> Kind:
    found = sql.rows(connection, "document_kind", document_kind=code)
    if not found:
        raise NoSuchDocument
    return Kind(code=code, **found[0]._asdict())


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
    return House(language=person.locale, zone=zone, issued_on=today)


def _read(connection: sql.Connection, ids: Sequence[int]) -> Iterator[Page]:
    for begin in range(0, len(ids), PAGE):
        for row in sql.call(connection, "document.order_pages", list(ids[begin : begin + PAGE])):
            yield row.page


def _files(
    context: Context,
    running: Running,
    kind: Kind,
    house: House,
    found: Sequence[Page],
) -> Iterator[bytes]:
    """One file for so many orders of one language, in the order of the orders."""
    done, of_all = 0, len(found)
    tell(context, running, step=STEP, done=done, of_all=of_all)

    def language(page: Page) -> str:
        return str(page["locale"]) if kind.is_for_buyer else house.language

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


def _document(kind: Kind, page: Page, house: House) -> dict[str, Any]:
    if kind.code == "picking_list":
        return picking_list(page, house)
    return delivery_note(page, house, is_gift=kind.code == "gift_delivery_note" or page["is_gift"])


def _set(kind: Kind, house: House, documents: Sequence[Mapping[str, Any]]) -> bytes:
    return pages.typeset(
        template_of(kind.code),
        {
            "locale": house.language,
            "title": side(kind.label, house.language),
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
