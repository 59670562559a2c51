"""Templates of what is issued: tried on samples, on what an order would state or a statement says, and whether the law's items are on the page."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.asking import data, generation, may, zone
from app.catalog import query
from app.errors import refusal
from app.words import t
from sync.render import issued_samples, pages, required, statement_samples
from sync.render.issued_file import data_of
from sync.render.issued_pages import STANDARD
from sync.render.standard import parts_of

# Whoever may see what a document of an order would state
TRIES = "document.issued_trial"
STATES = "document.statement_trial"
STATEMENT = "statement"
KINDS = (*issued_samples.KINDS, STATEMENT)
SAMPLE = "見本 | Sample"
MARK = (
    "#set page(foreground: place(center + horizon, rotate(-30deg, text("
    'font: "Noto Sans CJK JP", size: 96pt, weight: "bold", fill: rgb(192, 57, 43, 40), "{said}"))));'
)
File = Mapping[str, Any]


class NotIssuable(Exception):
    """Of this order no such document can be issued; the sentence says why."""


def samples(document_kind: str, locale: str) -> Sequence[File]:
    """The sample documents, each a file of its own as it would be kept."""
    if document_kind == STATEMENT:
        return [data_of(facts, zone()) for facts in statement_samples.facts(locale)]
    return [data_of(facts, zone()) for facts in issued_samples.facts(document_kind, locale)]


def of_statement(shop_id: int, document_no: str) -> tuple[File, str] | None:
    """What an issued statement states, without its number, and which it is; None for none to show."""
    if not may("execute", STATES):
        return None
    where = {"shop_id": shop_id, "document_no": document_no}
    found = data().execute(sa.text(query("form_statement")), where).first()
    return (data_of(found.facts, zone()), found.document_no) if found else None


def of_order(document_kind: str, shop_id: int, order_no: str) -> tuple[File, int, str] | None:
    """What a document of an order would state, the order's key and number; None for none to show.

    Raises NotIssuable for an order that was asked for by its number and has none.
    """
    if not may("execute", TRIES):
        return None
    where = {"shop_id": shop_id, "order_no": order_no, "document_kind": document_kind}
    found = data().execute(sa.text(query("form_issued_order")), where).first()
    if found is None:
        return None
    try:
        facts = data().scalar(
            sa.text(query("form_issued_facts")),
            {"sales_order_id": found.sales_order_id, "document_kind": document_kind},
        )
    except DBAPIError as error:
        data().rollback()
        if order_no:
            raise NotIssuable(refusal(error, generation().catalog).sentence) from error
        return None
    # The order was locked to read it
    data().rollback()
    return data_of(facts, zone()), found.sales_order_id, found.order_no


def marked(body: str) -> tuple[dict[str, str], int]:
    """The files of a template whose pages say that they are samples; by how much its first line grew."""
    mark = MARK.replace("{said}", t(SAMPLE))
    return parts_of(mark + body), len(mark)


def lacking(body: str, files: Sequence[File], limits: pages.Limits) -> str:
    """What the law asks for and is not on all pages of these, as a sentence; empty where all is.

    Raises as setting does.
    """
    read = pages.typeset_read(parts_of(body), files, standard=STANDARD, limits=limits)
    lacks = [
        name
        for file, one in zip(files, read, strict=True)
        for name in required.lacking(one.text, file["documents"][0])
    ]
    return t(required.sentence(list(dict.fromkeys(lacks)))) if lacks else ""
