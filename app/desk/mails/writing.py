"""A template written for an order that the reader may see, or for a sample: what pages show of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from app.asking import data, may, zone
from app.catalog import query
from app.errors import side_of
from app.words import t
from sync.render import mails
from sync.render.mails import LinkForbidden, MailTemplateWrong, Template, Written

# Whoever may read what mails say may see an order in a preview
READS = "mail.order_facts"
FORBIDDEN = "42501"
UNSUBSCRIBE = "https://…/in/unsubscribe/…"
GOES = "document.issued_going"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """What would go with a mail, in words; wrong where it could not, and so the mail would not go."""

    said: str
    is_wrong: bool = False


def variables() -> Sequence[Any]:
    """What a template may say: `variable` and its bilingual `label`."""
    return data().execute(sa.text(query("mail_variables"))).all()


def order_of(shop_id: int | None, order_no: str) -> Order:
    """The order to show, by default the newest; a sample for who may not see whose it is. Raises NoSuchOrder."""
    if not may("execute", READS):
        return Order()
    where = {"shop_id": shop_id, "order_no": order_no}
    found = data().execute(sa.text(query("mail_order")), where).first()
    if found is None:
        if order_no:
            raise NoSuchOrder
        return Order()
    try:
        facts = facts_of(found.sales_order_id)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != FORBIDDEN:
            raise
        # Whose order it is is not theirs to read: they see what the template looks like
        data().rollback()
        return Order()
    return Order(
        facts=facts,
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


def attached(document_kind: str, order: Order) -> Attached | None:
    """Which document would go with a mail of an order. Issues none; None for a kind that is not there."""
    kind = data().execute(sa.text(query("mail_attached")), {"document_kind": document_kind}).first()
    if kind is None:
        return None
    label = side_of(kind.label)
    if not kind.is_issued:
        return Attached(said=t("添付: {label} | Attached: {label}", label=label))
    where = {"sales_order_id": order.number, "document_kind": document_kind}
    seen = order.number is not None and may("execute", GOES)
    found = data().execute(sa.text(query("mail_going")), where).first() if seen else None
    if found and found.refusal:
        why = side_of(found.refusal)
        return Attached(
            said=t(
                "この受注には送れません。添付する{label}を作れないからです: {why}"
                " | It does not go for this order: its {label} cannot be made. {why}",
                label=label,
                why=why,
            ),
            is_wrong=True,
        )
    if found and found.issued_document_id:
        number, copy = found.document_no, found.copy_no - 1
        said = (
            t("添付: {no} の写し {n} | Attached: copy {n} of {no}", no=number, n=copy)
            if copy
            else t("添付: {no} の原本 | Attached: the original of {no}", no=number)
        )
        return Attached(said=said)
    return Attached(
        said=t(
            "添付: {label}。まだなければ、送る時に発行して番号を付けます。"
            " | Attached: {label}. Where there is none yet it is issued and numbered when the mail goes.",
            label=label,
        )
    )


def attached_json(document_kind: str, order: Order) -> Mapping[str, Any]:
    """The same, as previews ask for it."""
    found = attached(document_kind, order) if document_kind else None
    return {
        "attached": found.said if found else "",
        "is_attached_wrong": bool(found and found.is_wrong),
    }


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
