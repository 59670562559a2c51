"""A template written for an order that the reader may see, or for a sample: what pages show of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.asking import data, may, zone
from app.catalog import query
from app.errors import side_of
from app.words import t
from sync.render import mails
from sync.render.mails import LinkForbidden, MailTemplateWrong, Template, Written

# Whoever may read what mails say may see an order in a preview
READS = "mail.order_facts"
UNSUBSCRIBE = "https://…/in/unsubscribe/…"
PARTS = {"subject": "件名 | Subject", "text": "本文 | Text", "html": "HTML | HTML"}


# What the template language says, in the reader's words; its own stand behind
SAID = (
    (
        re.compile("limit reached"),
        "大きすぎるか、繰り返しが多すぎます（{said}）。 | It is too large or loops too often ({said}).",
    ),
    (
        re.compile("unexpected tag|unknown filter|undefined"),
        "知らない命令か名前があります（{said}）。 | There is a tag or name that is not known ({said}).",
    ),
    (
        re.compile("expected|missing|found end of file|unclosed"),
        (
            "かっこか命令が閉じていないか、書き方が違います（{said}）。 | "
            "A bracket or tag is not closed, or written otherwise ({said})."
        ),
    ),
)


class NoSuchOrder(Exception):
    """その受注は見つかりません。 | There is no such order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a template, in the reader's language, and where; lines from 1."""

    said: str
    part: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order to write for; without a number it is a sample."""

    facts: Mapping[str, Any] | None = None
    number: int | None = None
    order_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What came of it: the mail, or the fault; a warning where the shop's mall would not have it."""

    written: Written | None = None
    fault: Fault | None = None
    warning: str = ""


def variables() -> Sequence[Any]:
    """What a template may say: `variable` and its bilingual `label`."""
    return data().execute(sa.text(query("mail_variables"))).all()


def order_of(shop_id: int | None, order_no: str) -> Order:
    """The order to show, by default the newest, else a sample. Raises NoSuchOrder."""
    if not may("execute", READS):
        return Order()
    where = {"shop_id": shop_id, "order_no": order_no}
    found = data().execute(sa.text(query("mail_order")), where).first()
    if found is None:
        if order_no:
            raise NoSuchOrder
        return Order()
    return Order(
        facts=facts_of(found.sales_order_id),
        number=found.sales_order_id,
        order_no=found.order_no,
    )


def facts_of(sales_order_id: int) -> Mapping[str, Any] | None:
    """What mails of an order say; None for one out of sight."""
    return data().scalar(sa.text(query("mail_facts")), {"sales_order_id": sales_order_id})


def shown(template: Template, locale: str, order: Order) -> Shown:
    """Write a template for an order."""
    known = [row.variable for row in variables()]
    try:
        mails.check(template, known)
        values = (
            mails.data_of(order.facts, locale, zone(), unsubscribe_url=UNSUBSCRIBE)
            if order.facts
            else mails.sample(known)
        )
        written = mails.write(template, values)
    except MailTemplateWrong as error:
        return Shown(fault=fault_of(error))
    try:
        mails.forbidden_link(written, (order.facts or {}).get("mail_rules") or {})
    except LinkForbidden as error:
        return Shown(written=written, warning=side_of(error.message))
    return Shown(written=written)


def fault_of(error: MailTemplateWrong) -> Fault:
    """A fault as the reader reads it; a name with a question mark is a variable that nobody knows."""
    name = error.said.removesuffix("?")
    said = error.said
    if error.said.startswith("(") and error.said.endswith(")?"):
        said = t(
            "{name} のような範囲は使えません。 | Ranges such as {name} cannot be used.", name=name
        )
    elif error.said.endswith("?"):
        said = t("{name} という項目はありません。 | There is no variable {name}.", name=name)
    elif error.said == "empty":
        said = t("空になります。 | It comes out empty.")
    else:
        said = next((t(text, said=said) for words, text in SAID if words.search(said)), said)
    place = t(PARTS[error.part]) if error.part in PARTS else ""
    if place and error.line is not None:
        place = t("{part} {line}行目 | {part}, line {line}", part=place, line=error.line)
    return Fault(said=f"{place}: {said}" if place else said, part=error.part, line=error.line)
