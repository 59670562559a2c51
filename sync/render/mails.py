"""Mails from templates: what a template may say, checked when it is saved, written for one order. Pure.

Templates are Liquid with limits: data is plain texts, lists and answers yes or no; nothing of Python
can be reached, and a loop or a text without end is stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import liquid
from liquid import RenderContext
from liquid.ast import Node
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.tags.for_tag import ForNode
from liquid.exceptions import LiquidError
from liquid.expression import Expression

from sync.errors import SyncError
from sync.render.amounts import amount, day
from sync.render.words import side

SUBJECT_MAX: Final = 500
SAMPLE_LINES: Final = 2
LISTS: Final = ("lines", "shipments")
# Nothing is read from elsewhere, and nothing is counted across mails
FORBIDDEN_TAGS: Final = ("include", "render", "extends", "block", "increment", "decrement")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
# Mail programs make a link of www. too, and HTML knows links without a scheme
_LINK: Final = re.compile(
    r"https?://[^\s\"'<>　）」]+|(?<=[\"'=])//[^\s\"'<>]+|(?<![\w./@-])www\.[^\s\"'<>　）」]+",
    re.IGNORECASE,
)


class MailTemplateWrong(SyncError):
    """メールのひな形に誤りがあります。 | The mail template is wrong.

    `part` is subject, text or html; `line` says where in it, from 1, or None.
    """

    hint_default = "示された行を直すか、標準に戻します。 | Mend the line that is shown, or go back to the standard."

    def __init__(self, said: str, *, part: str = "", line: int | None = None) -> None:
        place = f"{part} {line}: " if line is not None else f"{part}: " if part else ""
        said = said.replace("|", "/")
        super().__init__(
            f"メールのひな形に誤りがあります: {place}{said} | The mail template is wrong: {place}{said}"
        )
        self.part, self.line, self.said = part, line, said


class LinkForbidden(SyncError):
    """このモールのメールには、よそへのリンクを書けません。 | Mails of this mall may not link elsewhere."""

    hint_default = "ひな形からリンクを取ります。 | Take the link out of the template."

    def __init__(self, host: str) -> None:
        super().__init__(
            f"このモールのメールには {host} へのリンクを書けません。 | Mails of this mall may not link to {host}."
        )


class _Limited(liquid.Environment):
    """What a mail may take; far above what one needs."""

    block_nesting_limit = 50
    context_depth_limit = 20
    loop_iteration_limit = 10_000
    output_stream_limit = 200_000
    local_namespace_limit = 200_000


def _environment(*, is_html: bool) -> liquid.Environment:
    made = _Limited(undefined=liquid.StrictUndefined, autoescape=is_html)
    for tag in FORBIDDEN_TAGS:
        made.tags.pop(tag, None)
    return made


NOTHING: Final = RenderContext(liquid.Environment().from_string(""))
TEXT: Final = _environment(is_html=False)
HTML: Final = _environment(is_html=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The parts of a mail template as staff write them; `html` is empty for text alone."""

    subject: str
    text: str
    html: str = ""

    @property
    def parts(self) -> Iterator[tuple[str, str]]:
        """Each part that is there, with its name."""
        yield "subject", self.subject
        yield "text", self.text
        if self.html:
            yield "html", self.html


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One mail as it goes out."""

    subject: str
    text: str
    html: str = ""


@lru_cache(maxsize=500)
def _parsed(part: str, body: str) -> liquid.BoundTemplate:
    environment = HTML if part == "html" else TEXT
    try:
        parsed = environment.from_string(body)
    except LiquidError as error:
        raise _wrong(part, body, error) from error
    except RecursionError as error:
        raise MailTemplateWrong("too deep", part=part) from error
    for one in _ranges(parsed.nodes):
        # A range can be as long as it likes before any limit is looked at
        line = body.count("\n", 0, one.token.start_index) + 1
        raise MailTemplateWrong(f"{one}?", part=part, line=line)
    return parsed


def _ranges(nodes: Sequence[Node]) -> Iterator[RangeLiteral]:
    """The ranges, such as (1..9), that a template says anywhere."""
    for node in nodes:
        for expression in node.expressions():
            yield from _ranges_in(expression)
        yield from _ranges(list(node.children(NOTHING, include_partials=False)))


def _ranges_in(expression: Expression) -> Iterator[RangeLiteral]:
    if isinstance(expression, RangeLiteral):
        yield expression
    for child in expression.children():
        yield from _ranges_in(child)


def variables_of(template: Template) -> list[str]:
    """The variables that a template says, sorted; those in a loop as list.item.

    Raises MailTemplateWrong for one that cannot be read.
    """
    found: set[str] = set()
    for part, body in template.parts:
        parsed = _parsed(part, body)
        loops = dict(_loops(parsed.nodes, {}))
        said = parsed.analyze(include_partials=False)
        local = set(said.locals)
        for root, uses in said.variables.items():
            for use in uses:
                path = [str(one) for one in use.segments if isinstance(one, str)]
                if root in loops:
                    path = [*loops[root].split("."), *path[1:]]
                elif root in local or root == "forloop":
                    continue
                found.add(".".join(path))
    return sorted(found)


def _loops(nodes: Sequence[Node], known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The name of each loop's item, and the variable that it loops over."""
    for node in nodes:
        inner = dict(known)
        if isinstance(node, ForNode):
            over = str(node.expression.iterable)
            root, _, rest = over.partition(".")
            if root in known:
                over = f"{known[root]}.{rest}" if rest else known[root]
            inner[node.expression.identifier] = over
            yield node.expression.identifier, inner[node.expression.identifier]
        # Nothing is loaded from elsewhere: the context of the render is not read
        children = list(node.children(NOTHING, include_partials=False))
        yield from _loops(children, inner)


def check(template: Template, known: Sequence[str]) -> list[str]:
    """Read a template, refuse variables that are not known, and write it for a sample order.

    Returns its variables. Raises MailTemplateWrong with the part and line.
    """
    found = variables_of(template)
    for name in found:
        if name not in known:
            part, line = _place(template, name)
            raise MailTemplateWrong(f"{name}?", part=part, line=line)
    write(template, sample(known))
    return found


def write(template: Template, data: Mapping[str, Any]) -> Written:
    """Write one mail. Raises MailTemplateWrong when a variable is missing or a limit was passed."""
    done: dict[str, str] = {}
    for part, body in template.parts:
        try:
            done[part] = _parsed(part, body).render(**data)
        except LiquidError as error:
            raise _wrong(part, body, error) from error
        except (ArithmeticError, RecursionError, TypeError, ValueError) as error:
            # What a filter makes of a value that is none of its own
            raise MailTemplateWrong(type(error).__name__, part=part) from error
    subject = _CONTROL.sub(" ", done["subject"]).strip()[:SUBJECT_MAX]
    if not subject:
        raise MailTemplateWrong("empty", part="subject")
    return Written(subject=subject, text=_tidy(done["text"]), html=done.get("html", ""))


def forbidden_link(written: Written, rules: Mapping[str, Any]) -> None:
    """Refuse a link that the mall does not allow: `rules` are those of its manifest."""
    if not rules.get("forbids_links"):
        return
    allowed = [str(host).lower() for host in rules.get("link_hosts", [])]
    for link in _LINK.findall(f"{written.subject}\n{written.text}\n{written.html}"):
        whole = link if "//" in link[:8] else f"//{link}"
        host = (urlsplit(whole).hostname or "").lower()
        if not any(host == one or host.endswith(f".{one}") for one in allowed):
            raise LinkForbidden(host)


def data_of(
    facts: Mapping[str, Any], language: str, zone: ZoneInfo, *, unsubscribe_url: str = ""
) -> dict[str, Any]:
    """What a template may say of an order, from `mail.order_facts`: texts ready to be read."""
    currency = str(facts["currency_code"])

    def money(name: str) -> str:
        return amount(Decimal(facts[name]), currency)

    def if_any(name: str, sign: int = 1) -> str:
        value = sign * Decimal(facts[name])
        return amount(value, currency) if value else ""

    def on(value: str | None) -> str:
        if not value:
            return ""
        moment = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        return day(moment, zone, language)

    recipient, sender = facts["recipient"], facts["sender"]
    total, paid = Decimal(facts["total"]), Decimal(facts["paid"])
    return {
        "order": {
            "no": facts["order_no"],
            "shop_no": facts["external_order_no"],
            "ordered_on": on(facts["ordered_at"]),
            "payment": side(str(facts["payment_label"]), language),
            "items": money("item_total"),
            "shipping_fee": money("shipping_fee"),
            "fees": if_any("fee_total"),
            "discount": if_any("discount_total", -1),
            "points": if_any("points_used", -1),
            "total": money("total"),
            "paid": money("paid"),
            "unpaid": amount(max(total - paid, Decimal(0)), currency),
            "refunded": money("refunded"),
            "is_gift": bool(facts["is_gift"]),
            "delivery_on": on(facts["requested_delivery_on"]),
            "delivery_slot": str(facts["delivery_time_slot"]),
            "ships_on": on(facts["ship_not_before"]),
        },
        "lines": [
            {
                "name": line["name"],
                "option": line["option"],
                "code": line["code"],
                "quantity": str(line["quantity"]),
                "price": amount(Decimal(line["unit_price"]), currency),
                "amount": amount(Decimal(line["amount"]), currency),
            }
            for line in facts["lines"]
        ],
        "buyer": {
            "name": facts["buyer_name"] or ("お客" if language == "ja" else "customer"),
            "company": facts["buyer_company"],
        },
        "recipient": {
            "name": recipient["name"],
            "company": recipient["company"],
            "postal_code": recipient["postal_code"],
            "address": " ".join(
                part
                for part in (
                    recipient["region"] + recipient["address_line1"],
                    recipient["address_line2"],
                )
                if part
            ),
        },
        "shipments": [
            {
                "carrier": side(str(one["carrier"]), language),
                "tracking_no": one["tracking_no"],
                "shipped_on": on(one["shipped_at"]),
            }
            for one in facts["shipments"]
        ],
        "shop": {name: sender[name] for name in ("name", "phone", "email", "address")},
        "unsubscribe_url": unsubscribe_url,
    }


def sample(known: Sequence[str]) -> dict[str, Any]:
    """Data in which each known variable says its own name; lists have two rows."""
    made: dict[str, Any] = {name: [{} for _ in range(SAMPLE_LINES)] for name in LISTS}
    for name in known:
        root, _, rest = name.partition(".")
        if root in LISTS:
            for row in made[root]:
                if rest:
                    row[rest] = name
        elif rest:
            made.setdefault(root, {})[rest] = name
        else:
            made[root] = name
    return made


def _tidy(text: str) -> str:
    """Lines without blanks at their end, no more than two empty ones together, one line break at the end."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{4,}", "\n\n\n", lines).strip("\n") + "\n"


def _wrong(part: str, body: str, error: LiquidError) -> MailTemplateWrong:
    token = error.token
    line = body.count("\n", 0, token.start_index) + 1 if token is not None else None
    return MailTemplateWrong(str(error.args[0] if error.args else error), part=part, line=line)


def _place(template: Template, name: str) -> tuple[str, int | None]:
    """In which part and line a variable stands."""
    last = name.rpartition(".")[2]
    for part, body in template.parts:
        found = re.search(rf"[.\s{{]{re.escape(last)}\b", body)
        if found:
            return part, body.count("\n", 0, found.start() + 1) + 1
    return "text", None
