"""A template tried: on an order where the reader may see whose it is, and on sample orders."""

import base64
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.asking import data, may, reader, sessions_of, zone
from app.catalog import query
from app.desk.forms import issued
from app.words import language, t
from sync.render import pages
from sync.render.order_pages import House, document, file_of
from sync.render.samples import samples
from sync.render.standard import parts_of

# A page of the web waits for it: shorter than a job may take
LIMITS = pages.Limits(cpu_s=5, wall_s=10, memory_mb=1_000, output_mb=12)
AT_ONCE = 2
WAIT_S = 5.0
# Whoever may read what documents say may see an order in a preview
READS = "document.order_pages"
QUOTATIONS = "document.quotation_pages"
NUMBERS = {
    "sales.sales_order": "受注番号 | Order no.",
    "sales.quotation": "見積番号 | Quotation no.",
    "customer.customer": "書類番号 | Document no.",
}
_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A document that may have a template of a shop's own."""

    code: str
    label: str
    is_for_buyer: bool
    made_of: str
    is_issued: bool = False

    @property
    def is_of_orders(self) -> bool:
        return self.made_of == "sales.sales_order"

    @property
    def number_name(self) -> str:
        """What one is shown by."""
        return NUMBERS[self.made_of]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A shop, and the language of its buyers."""

    number: int
    name: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a template, in the reader's language, and where; lines and columns from 1."""

    said: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a template is given of one order; without a number it is a sample."""

    file: Mapping[str, Any]
    number: int | None = None
    order_no: str = ""
    is_issued: bool = False


class Busy(Exception):
    """表示を作っている途中です。少し待ってもう一度してください。 | A preview is being made. Wait a moment."""


class NoSuchOrder(Exception):
    """この店舗にその受注、見積、締め請求書はありません。 | This shop has no such order, quotation or statement."""


def orders_of(kind: Kind, shop: Shop, order_no: str) -> tuple[Order, Sequence[Mapping[str, Any]]]:
    """The order to show, by default the newest, else a sample; and the samples to try the template on.

    Of what is issued each sample is a file, of other documents a document of one.
    """
    if kind.is_issued:
        return _issued(kind, shop, order_no)
    spoken = shop.locale if kind.is_for_buyer else language()
    today = data().scalar(sa.text(query("today")))
    house = House(language=spoken, zone=zone(), issued_on=today)
    several = samples(kind.code, house)
    sample = Order(file=file_of(kind.label, house, several[:1]))
    if not may("execute", READS if kind.is_of_orders else QUOTATIONS):
        return sample, several
    where = {"shop_id": shop.number, "order_no": order_no}
    if kind.is_of_orders:
        where["document_kind"] = kind.code
    of = "form_order" if kind.is_of_orders else "form_quotation"
    found = data().execute(sa.text(query(of)), where).first()
    if found is None:
        if order_no:
            raise NoSuchOrder
        return sample, several
    one = {"document_kind": kind.code, "row_id": found.row_id}
    row = data().execute(sa.text(query("form_page")), one).one()
    local = replace(house, language=row.page["locale"] if kind.is_for_buyer else spoken)
    file = file_of(kind.label, local, [document(kind.code, row.page, local)])
    # A trial names its order; of a quotation it is as one on samples
    number = found.row_id if kind.is_of_orders else None
    return Order(file=file, number=number, order_no=found.order_no), several


def _issued(kind: Kind, shop: Shop, order_no: str) -> tuple[Order, Sequence[Mapping[str, Any]]]:
    """The same of a document that is issued; an order is asked what it would state, and none is issued."""
    several = issued.samples(kind.code, shop.locale)
    if kind.code == issued.STATEMENT:
        stated = issued.of_statement(shop.number, order_no)
        if stated is None and order_no and may("execute", issued.STATES):
            raise NoSuchOrder
        file, known = stated or (several[0], "")
        return Order(file=file, order_no=known, is_issued=True), several
    found = issued.of_order(kind.code, shop.number, order_no)
    if found is None:
        if order_no and may("execute", issued.TRIES):
            raise NoSuchOrder
        return Order(file=several[0], is_issued=True), several
    file, number, known = found
    return Order(file=file, number=number, order_no=known, is_issued=True), several


def shown(body: str, order: Order) -> tuple[pages.Pictures | None, Fault | None]:
    """The pages of one order as pictures, or what is wrong; both where the law's items are not on them."""
    parts, longer = issued.marked(body) if order.is_issued else (parts_of(body), 0)
    with _Turn():
        try:
            found = pages.pictures(parts, order.file, limits=LIMITS)
            lacks = issued.lacking(body, [order.file], LIMITS) if order.is_issued else ""
        except (pages.TemplateWrong, pages.TemplateEndless) as error:
            return None, _fault(error, longer)
    return found, Fault(said=lacks) if lacks else None


def tried(body: str, order: Order, several: Sequence[Mapping[str, Any]]) -> Fault | None:
    """What is wrong with a template on this order or on a sample; None when all can be set."""
    file = {**order.file, "documents": [*order.file["documents"], *several]}
    with _Turn(WAIT_S):
        try:
            if order.is_issued:
                pages.pictures(parts_of(body), order.file, limits=LIMITS)
                lacks = issued.lacking(body, [order.file, *several], LIMITS)
                return Fault(said=lacks) if lacks else None
            # What cannot be looked at is no document, however it prints
            pages.pictures(parts_of(body), file, limits=LIMITS)
            pages.typeset(parts_of(body), file, limits=LIMITS)
        except (pages.TemplateWrong, pages.TemplateEndless) as error:
            return _fault(error)
    return None


def noted(form_template_id: int, order: Order, fault: Fault | None) -> None:
    """Note what came of a trial, as the web's own login: it set the type, and no person may say so."""
    plain, who = sessions_of().plain(), reader()
    plain.execute(sa.text(query("form_asking")), {"account_id": str(who and who.account_id)})
    plain.execute(
        sa.text(query("form_trial")),
        {
            "form_template_id": form_template_id,
            "is_sound": fault is None,
            "line_no": fault and fault.line,
            "column_no": fault and fault.column,
            "sales_order_id": order.number,
        },
    )
    plain.commit()


def picture(content: bytes) -> str:
    """A picture as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


class _Turn:
    """One at a time for each person, few at once in this process.

    A preview that finds no turn is told to come again; what a person pressed waits for a moment.
    """

    def __init__(self, wait_s: float = 0) -> None:
        self.wait_s = wait_s

    def __enter__(self) -> None:
        turn = query("form_turn_wait" if self.wait_s else "form_turn")
        if not data().scalar(sa.text(turn)) or not _turns.acquire(timeout=self.wait_s):
            raise Busy

    def __exit__(self, *_: object) -> None:
        _turns.release()


def _fault(error: pages.TemplateWrong | pages.TemplateEndless, longer: int = 0) -> Fault:
    """What is wrong; the first line was given so many characters more than were typed."""
    if isinstance(error, pages.TemplateWrong):
        column = error.column
        if column is not None and error.line == 1:
            column = max(1, column - longer)
        return Fault(said=error.said, line=error.line, column=column)
    return Fault(said=t(" ".join((type(error).__doc__ or "").split("\n", 1)[0].split())))
