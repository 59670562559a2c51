"""The documents of many orders, each shop's by the template it has in force; a broken one holds back its own alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import sql
from sync.errors import SyncError
from sync.render import pages
from sync.render.order_pages import House, document, file_of
from sync.render.standard import parts_of, template_of
from sync.render.words import side

LINES_MAX: Final = 2_000
"""How many lines one child sets at most, but for a document that has more by itself."""

NAMED_MAX: Final = 100
"""How many orders a sentence names."""

ORDERS: Final = "sales.sales_order"
QUOTATIONS: Final = "sales.quotation"
CUSTOMERS: Final = "customer.customer"
THINGS: Final = {
    ORDERS: "受注 | order",
    QUOTATIONS: "見積 | quotation",
    CUSTOMERS: "顧客 | customer",
}

Page = Mapping[str, Any]
Parts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What the schema says of a document: its name, whether each order has one, whose language it speaks."""

    code: str
    label: str
    is_per_order: bool
    is_for_buyer: bool
    made_of: str = ORDERS

    @property
    def thing(self) -> str:
        """What it is made of, as a word."""
        return THINGS[self.made_of]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A template in force: a shop's own, or the standard one with no shop."""

    parts: Parts
    shop_id: int | None = None
    version_no: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The orders of a shop whose template could not be set, and why; `order_no` is the first it fails on."""

    form: Form
    shop_name: str
    order_nos: Sequence[str]
    error: SyncError
    order_no: str | None = None
    thing: str = THINGS[ORDERS]

    @property
    def reason(self) -> str:
        """Why, in both languages, without a word of what the orders say."""
        version = self.form.version_no
        line, column = getattr(self.error, "line", None), getattr(self.error, "column", None)
        if isinstance(self.error, pages.TemplateWrong):
            japanese = f"{line}行{column}桁に誤りがあります" if line else "誤りがあります"
            english = f"is wrong at line {line}, column {column}" if line else "is wrong"
            if self.order_no:
                japanese += f"（{side(self.thing, 'ja')} {self.order_no}）"
                english += f" ({side(self.thing, 'en')} {self.order_no})"
        else:
            japanese, english = (
                "時間、メモリ、大きさの上限に達しました",
                "reached a limit of time, memory or size",
            )
        name = self.shop_name.replace("|", "/")
        return f"{name}の様式（{version}版）: {japanese}。 | The template of {name} (version {version}) {english}."

    @property
    def orders(self) -> str:
        """The numbers of the orders; of very many the first alone."""
        named = "、".join(self.order_nos[:NAMED_MAX])
        return named + (" …" if len(self.order_nos) > NAMED_MAX else "")


@dataclass(slots=True)
class Made:
    """Files with the places of their documents, and what was held back."""

    sheets: list[tuple[pages.Sheets, Sequence[int]]] = field(
        default_factory=list[tuple[pages.Sheets, Sequence[int]]]
    )
    held: list[Held] = field(default_factory=list[Held])


class AllHeldBack(SyncError):
    """店舗の様式に誤りがあり、帳票を一つも作れませんでした。 | The shops' templates are wrong: no document could be made."""

    hint_default = (
        "様式の画面で直すか標準に戻して、もう一度作ります。 | "
        "Mend the template on the page of templates or go back to the standard one, then make them again."
    )


def in_force(connection: sql.Connection, document_kind: str) -> Mapping[int, Form]:
    """The templates of shops' own that are in force for a kind, by shop; with the rights of who asks."""
    return {
        row.shop_id: Form(parts=parts_of(row.body), shop_id=row.shop_id, version_no=row.version_no)
        for row in sql.call(connection, "document.forms_in_force", document_kind)
    }


def set_all(
    kind: Kind,
    house: House,
    found: Sequence[Page],
    forms: Mapping[int, Form],
    told: Callable[[int], None],
) -> Made:
    """Set the documents of these orders; `told` hears how many are done.

    A shop whose own template fails has none of its documents in what comes back. Raises what the
    standard template raises: that one is ours.
    """
    made = Made()
    done = 0
    for form, language, places in _groups(kind, house, found, forms):
        local = replace(house, language=language)
        files: list[tuple[pages.Sheets, Sequence[int]]] = []
        try:
            for batch in _batches(found, places):
                data = _data(kind, local, [found[place] for place in batch])
                try:
                    files.append((pages.typeset_sheets(form.parts, data), batch))
                except (pages.TemplateWrong, pages.TemplateEndless) as error:
                    if form.shop_id is None:
                        raise
                    raise _Failed(error, batch) from error
                done += len(batch)
                told(done)
        except _Failed as failed:
            # Nothing of the shop goes out half
            wrong = [found[place] for place in failed.batch]
            first = (
                _first_wrong(kind, local, form, wrong)
                if isinstance(failed.error, pages.TemplateWrong)
                else None
            )
            of_shop = [found[place] for place in places]
            made.held.append(_held(kind, form, of_shop, failed.error, first))
            done += len(places) - sum(len(batch) for _, batch in files)
            told(done)
        else:
            made.sheets += files
    return made


class _Failed(Exception):
    """A batch of a shop's own template could not be set."""

    def __init__(self, error: SyncError, batch: Sequence[int]) -> None:
        super().__init__()
        self.error, self.batch = error, batch


def _groups(
    kind: Kind, house: House, found: Sequence[Page], forms: Mapping[int, Form]
) -> Sequence[tuple[Form, str, Sequence[int]]]:
    """Which orders are set together: those of one template and one language."""
    standard = Form(parts=template_of(kind.code))
    groups: dict[tuple[int | None, str], list[int]] = {}
    for place, page in enumerate(found):
        language = str(page["locale"]) if kind.is_for_buyer else house.language
        shop_id = page["shop_id"] if page["shop_id"] in forms else None
        groups.setdefault((shop_id, language), []).append(place)
    return [
        (forms[shop_id] if shop_id is not None else standard, language, places)
        for (shop_id, language), places in groups.items()
    ]


def _batches(found: Sequence[Page], places: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut what is set together into what one child sets: so many documents, so many lines."""
    batch: list[int] = []
    lines = 0
    for place in places:
        more = len(found[place]["lines"])
        if batch and (len(batch) == pages.CHUNK or lines + more > LINES_MAX):
            yield batch
            batch, lines = [], 0
        batch.append(place)
        lines += more
    if batch:
        yield batch


def _data(kind: Kind, house: House, found: Sequence[Page]) -> Mapping[str, Any]:
    return file_of(kind.label, house, [document(kind.code, page, house) for page in found])


def _held(
    kind: Kind, form: Form, found: Sequence[Page], error: SyncError, first: str | None
) -> Held:
    return Held(
        thing=kind.thing,
        form=form,
        shop_name=str(found[0]["shop_name"]),
        order_nos=[str(page["order_no"]) for page in found],
        error=error,
        order_no=first,
    )


def _first_wrong(kind: Kind, house: House, form: Form, several: Sequence[Page]) -> str | None:
    """The number of the first order on which a template fails, by halves; None if it fails on the whole alone."""
    while len(several) > 1:
        half = len(several) // 2
        several = several[:half] if _fails(kind, house, form, several[:half]) else several[half:]
    return str(several[0]["order_no"]) if _fails(kind, house, form, several) else None


def _fails(kind: Kind, house: House, form: Form, several: Sequence[Page]) -> bool:
    try:
        pages.typeset(form.parts, _data(kind, house, several))
    except (pages.TemplateWrong, pages.TemplateEndless):
        return True
    return False
