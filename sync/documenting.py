"""Documents of chosen orders as one PDF, read as the person who asked."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

import sql
from sql import reading
from sync import exporting, forms
from sync.asking import Person, as_person
from sync.errors import SyncError
from sync.render import pages
from sync.render.order_pages import ORDERS_MAX, House, file_of, missing, picking_total
from sync.render.standard import NoSuchDocument, template_of
from sync.render.words import joined, side
from sync.shops import SYSTEM_ACCOUNT, Context
from sync.work import Done, Running, refusals_said, tell

RELATION: Final = forms.ORDERS
PAGE: Final = 1_000
STEP: Final = "帳票を作っています | Making documents"
NAMED_MAX: Final = 200
ALL_HELD: Final = "帳票を一つも作れませんでした。 | No document could be made."
Page = Mapping[str, Any]


class NoOrders(SyncError):
    """受注がありません。 | There are no orders to print."""

    hint_default = (
        "一覧で受注を選んで、もう一度作ります。 | Choose orders in the list, then make it again."
    )


class NoQuotations(SyncError):
    """見積がありません。 | There are no quotations to print."""

    hint_default = "一覧で見積を選んで、もう一度作ります。 | Choose quotations in the list, then make it again."


class NothingMade(SyncError):
    """帳票を一つも作れませんでした。 | No document could be made."""


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
        kind = kind_of(connection, str(running.arguments.get("document_kind")))
        ids = chosen_of(connection, kind, running.arguments)
        house = house_of(connection, person)
        if kind.is_per_order:
            found, reasons = _made_of(kind, _read(connection, kind, ids))
            own = forms.in_force(connection, kind.code)
        else:
            rows = sql.call(connection, "document.picking_total", list(ids))
            own, reasons = {}, []
            found = [picking_total([row._asdict() for row in rows], len(ids))]
    # No transaction is open while type is set
    answer: dict[str, Any]
    if kind.is_per_order:

        def told(done: int) -> None:
            tell(context, running, step=STEP, done=done, of_all=len(found))

        if not found:
            said = [one["reason"] for one in reasons[:3]]
            raise NothingMade(joined(str(NothingMade.__doc__), *said))
        told(0)
        made = forms.set_all(kind, house, found, own, told)
        answer = _answer(context, kind, made, reasons)
        pdf = pages.gathered(made.sheets)
    else:
        pdf = pages.typeset(template_of(kind.code), file_of(kind.label, house, found))
        answer = {"documents": len(ids)}
    stored = kept(context, running, pdf)
    title = side(kind.label, house.language)
    return Done(
        answer=answer,
        file_name=f"{title}-{house.issued_on:%Y%m%d}.pdf",
        stored_as=stored,
    )


def _answer(
    context: Context, kind: forms.Kind, made: forms.Made, reasons: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """What was made, and what was held back and why; that is in the inbox as well."""
    for held in made.held:
        named = f"{side(held.thing, 'ja')}: {held.orders} | {side(held.thing, 'en')}: {held.orders}"
        detail = joined(held.reason, named)
        shop_id = held.form.shop_id
        said = ("form_wrong", shop_id, None, None, None, kind.label, detail)
        sql.call(context.connection, "transit.inbox_note", *said)
    if not made.sheets:
        raise forms.AllHeldBack(joined(ALL_HELD, *(held.reason for held in made.held)))
    answer: dict[str, Any] = {"documents": sum(len(places) for _, places in made.sheets)}
    if made.held:
        answer["held_back"] = sum(len(held.order_nos) for held in made.held)
    if reasons:
        answer["refused"] = len(reasons)
    if made.held or reasons:
        held = [{"row": held.orders, "reason": held.reason} for held in made.held]
        answer["reasons"] = [*held, *reasons[:NAMED_MAX]]
    return answer


def _made_of(
    kind: forms.Kind, found: Iterable[Page]
) -> tuple[Sequence[Page], Sequence[Mapping[str, str]]]:
    """What the documents can be made of, and why of the others none can be."""
    whole: list[Page] = []
    reasons: list[Mapping[str, str]] = []
    for page in found:
        wanted = missing(kind.code, page)
        if wanted:
            reasons.append({"row": str(page["order_no"]), "reason": joined(*wanted)})
        else:
            whole.append(page)
    return whole, reasons


def kind_of(connection: sql.Connection, code: str) -> forms.Kind:
    """What the schema says of a kind of document."""
    found = sql.rows(connection, "document_kind", document_kind=code)
    if not found:
        raise NoSuchDocument
    return forms.Kind(code=code, **found[0]._asdict())


def chosen_of(
    connection: sql.Connection, kind: forms.Kind, arguments: Mapping[str, Any]
) -> Sequence[int]:
    """What documents of a kind are made of: orders, or quotations by their numbers."""
    if kind.made_of == forms.ORDERS:
        return chosen_orders(connection, arguments)
    if kind.made_of != forms.QUOTATIONS:
        raise NoSuchDocument
    try:
        return chosen_ids(connection, kind.made_of, "quotation_id", arguments)
    except NoOrders as error:
        raise NoQuotations from error


def chosen_orders(connection: sql.Connection, arguments: Mapping[str, Any]) -> Sequence[int]:
    """The orders, oldest first: as they came in, so they leave."""
    return chosen_ids(connection, RELATION, "sales_order_id", arguments, first="ordered_at")


def chosen_ids(
    connection: sql.Connection,
    relation: str,
    key: str,
    arguments: Mapping[str, Any],
    *,
    first: str | None = None,
) -> Sequence[int]:
    """The keys of chosen rows, oldest first."""
    where = reading.where_of(
        connection, relation, arguments.get("condition"), arguments.get("keys")
    )
    found = reading.pages(
        connection,
        relation,
        [key],
        where=where,
        order=[(name, False) for name in (first, key) if name],
        size=ORDERS_MAX + 1,
        finite=set(),
    )
    ids = [row[0] for row in next(iter(found), [])]
    if not ids:
        raise NoOrders
    if len(ids) > ORDERS_MAX:
        raise TooManyOrders
    return ids


def house_of(connection: sql.Connection, person: Person) -> House:
    """Language, zone and day, for whoever asks."""
    zone = ZoneInfo(str(sql.value(connection, "base.setting_text", "time_zone")))
    today: date = sql.value(connection, "base.today")
    return House(language=person.locale, zone=zone, issued_on=today)


def _read(connection: sql.Connection, kind: forms.Kind, ids: Sequence[int]) -> Iterator[Page]:
    for begin in range(0, len(ids), PAGE):
        some = list(ids[begin : begin + PAGE])
        for row in sql.call(connection, "document.kind_pages", kind.code, some):
            yield row.page


def kept(context: Context, running: Running, content: bytes) -> str:
    """Keep the file where exports are fetched from; only we may read it."""
    folder = exporting.folder_of(context.settings.data)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored = secrets.token_hex(16)
    part = folder / f"{running.job_request_id}-{stored}.part"
    part.touch(mode=0o600)
    part.write_bytes(content)
    part.rename(folder / stored)
    return stored
