"""From raw documents to orders: first keep, then understand. Safe to repeat after a death anywhere."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

import sql
import sql.errors
from sync import cards, drafts
from sync.contract import Cursor, OrderDraft, Raw
from sync.errors import ContractBroken, Refused
from sync.vault import Vault, body_context, data_keys, known_data_keys

PAGE_MAX: Final = 1000
BUSY_ATTEMPTS: Final = 5
BUSY_PAUSE_S: Final = 0.2
DETAIL_MAX: Final = 500

log = structlog.get_logger("sync.intake")

Parse = Callable[[Raw], OrderDraft]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeShop:
    """What intake must know of a shop.

    `is_history` takes past orders: nothing is reserved, pushed or mailed. Mail addresses of
    `masked_mail_domains` are the mall's, a new one for each order: they identify nobody.
    """

    shop_id: int
    shop_code: str
    is_history: bool = False
    masked_mail_domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A message that became an order, or met one that is known."""

    message_id: int
    sales_order_id: int
    outcome: str
    draft: OrderDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeResult:
    """What became of messages: `counts` by outcome, `set_aside` by why, lines of orders taken in."""

    counts: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)
    unreadable: int = 0
    line_count: int = 0

    def __add__(self, other: IntakeResult) -> IntakeResult:
        """Add the counts of another page."""
        return IntakeResult(
            counts=dict(Counter(self.counts) + Counter(other.counts)),
            set_aside=dict(Counter(self.set_aside) + Counter(other.set_aside)),
            unreadable=self.unreadable + other.unreadable,
            line_count=self.line_count + other.line_count,
        )

    @property
    def changed(self) -> int:
        """Count the orders that are not as they were."""
        return sum(self.counts.get(name, 0) for name in ("accepted", "changed", "cancelled"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A message and the draft that was read from it."""

    message_id: int
    draft: OrderDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """A message that cannot be taken in, and why, without personal data."""

    message_id: int
    external_no: str
    inbox_reason: str
    detail: str


Follow = Callable[[sql.Connection, Sequence[Accepted]], None]


def keep(
    connection: sql.Connection,
    vault: Vault,
    shop_id: int,
    raws: Iterable[Raw],
    *,
    cursor: Cursor | None = None,
    cursor_kind: str = "orders",
    map_code: str | None = None,
) -> list[int]:
    """Store raw documents and the cursor behind them in one transaction; return messages to accept.

    What was kept before, to the byte, is not stored again. Without a time of the shop's own that
    holds against the newest document of the order alone, or "back to as it was" would be lost. A
    file that is read again gives what had been set aside another chance.
    """
    documents = [
        (raw, body, vault.digest("transit.message", body))
        for raw in raws
        for body in (cards.masked(raw.body),)
    ]
    with sql.transaction(connection):
        fresh, known = _unknown(connection, shop_id, documents)
        again: list[int] = []
        if map_code is not None:
            again = [row.message_id for row in known if row.outcome == "set_aside"]
            if again:
                sql.rows(connection, "message_again", ids=again)
        ids = _store(connection, vault, shop_id, fresh, map_code)
        if cursor is not None:
            sql.rows(connection, "cursor_move", shop_id=shop_id, kind=cursor_kind, value=cursor)
    open_before = [row.message_id for row in known if row.outcome is None]
    return sorted({*ids, *again, *open_before})


def accept(
    connection: sql.Connection,
    vault: Vault,
    shop: IntakeShop,
    messages: Sequence[int],
    parse: Parse,
    *,
    follow: Follow | None = None,
) -> IntakeResult:
    """Turn kept messages (orders, by id) into orders, at most `PAGE_MAX` in one call of SQL.

    A message that cannot be read or is refused by the schema is set aside alone, with its reason
    in the inbox. `follow` runs in the transaction of each page, with what was taken in. Errors of
    a lost or busy database are raised; everything may then be repeated.
    """
    result = IntakeResult()
    for start in range(0, len(messages), PAGE_MAX):
        page = messages[start : start + PAGE_MAX]
        parsed, unfit = read(connection, vault, shop.shop_id, page, parse)
        for bad in unfit:
            result += set_aside(connection, shop, bad)
        result += _accept_page(connection, vault, shop, parsed, follow)
    return result


def read(
    connection: sql.Connection, vault: Vault, shop_id: int, messages: Sequence[int], parse: Parse
) -> tuple[list[Parsed], list[Unfit]]:
    """Read drafts from kept messages that have no outcome yet."""
    parsed: list[Parsed] = []
    unfit: list[Unfit] = []
    for message_id, raw in documents(connection, vault, shop_id, messages, kind="order"):
        if raw is None:
            detail = "本文は消されています。 | The body has been deleted."
            unfit.append(_unfit(message_id, "", "unreadable", detail))
            continue
        try:
            draft = parse(raw)
        except ContractBroken as error:
            unfit.append(_unfit(message_id, raw.external_no, "unreadable", error.message))
        except Refused as error:
            unfit.append(_unfit(message_id, raw.external_no, "refused_draft", error.message))
        except (ValueError, TypeError, ArithmeticError) as error:
            # A draft checks its own shape; what it says may quote a value, so only its class is told.
            detail = f"{type(error).__name__}: 下書きの形が正しくありません。 | The draft has a wrong shape."
            unfit.append(_unfit(message_id, raw.external_no, "unreadable", detail))
        else:
            parsed.append(Parsed(message_id=message_id, draft=draft))
    return parsed, unfit


def documents(
    connection: sql.Connection, vault: Vault, shop_id: int, messages: Sequence[int], *, kind: str
) -> list[tuple[int, Raw | None]]:
    """Return the kept documents of one kind that have no outcome; None when a body is gone."""
    found = [
        row
        for row in sql.rows(connection, "message_read", ids=list(messages), shop_id=shop_id)
        if row.message_kind == kind
    ]
    keys = known_data_keys(
        connection, vault, shop_id, [row.data_key_id for row in found if row.data_key_id]
    )
    out: list[tuple[int, Raw | None]] = []
    for row in found:
        body = keys.open(row.data_key_id, body_context(row.message_id), row.body)
        raw = None
        if body is not None:
            raw = Raw(
                external_no=row.external_no,
                changed_at=row.changed_at,
                body=body,
                kind=row.message_kind,
            )
        out.append((row.message_id, raw))
    return out


def set_aside(connection: sql.Connection, shop: IntakeShop, bad: Unfit) -> IntakeResult:
    """Set one message aside and tell staff."""
    with sql.transaction(connection):
        sql.rows(connection, "message_set_aside", ids=[bad.message_id])
        sql.call(
            connection,
            "transit.inbox_note",
            bad.inbox_reason,
            shop.shop_id,
            bad.message_id,
            None,
            None,
            bad.external_no,
            bad.detail,
        )
    log.warning("message_set_aside", shop=shop.shop_code, message=bad.message_id)
    return IntakeResult(
        counts={"set_aside": 1},
        set_aside={bad.detail: 1},
        unreadable=int(bad.inbox_reason == "unreadable"),
    )


def _accept_page(
    connection: sql.Connection,
    vault: Vault,
    shop: IntakeShop,
    parsed: Sequence[Parsed],
    follow: Follow | None,
) -> IntakeResult:
    """Accept a page; halve one that the schema refuses until what it refuses stands alone."""
    if not parsed:
        return IntakeResult()
    try:
        return _patiently(lambda: _accept_whole(connection, vault, shop, parsed, follow))
    except sql.errors.DatabaseError as error:
        if not is_about_data(error):
            raise
        if len(parsed) == 1:
            detail = words(connection, error)
            one = parsed[0]
            bad = _unfit(one.message_id, one.draft.external_order_no, "refused_draft", detail)
            return set_aside(connection, shop, bad)
    half = len(parsed) // 2
    first = _accept_page(connection, vault, shop, parsed[:half], follow)
    return first + _accept_page(connection, vault, shop, parsed[half:], follow)


def _accept_whole(
    connection: sql.Connection,
    vault: Vault,
    shop: IntakeShop,
    parsed: Sequence[Parsed],
    follow: Follow | None,
) -> IntakeResult:
    by_id = {one.message_id: one.draft for one in parsed}
    with sql.transaction(connection):
        ours = {row.message_id for row in sql.rows(connection, "message_lock", ids=list(by_id))}
        page = [
            drafts.order_json(
                draft,
                message_id=message_id,
                shop_id=shop.shop_id,
                is_history=shop.is_history,
                identities=drafts.identities(draft, vault, shop.shop_id, shop.masked_mail_domains),
            )
            for message_id, draft in by_id.items()
            if message_id in ours
        ]
        if not page:
            return IntakeResult()
        answered = sql.call(connection, "sales.orders_accept", sql.Json(page))
        taken = [
            Accepted(
                message_id=row.message_id,
                sales_order_id=row.sales_order_id,
                outcome=row.outcome,
                draft=by_id[row.message_id],
            )
            for row in answered
        ]
        if follow is not None:
            follow(connection, taken)
        _close_inbox(connection, shop.shop_id, taken)
    return IntakeResult(
        counts=dict(Counter(one.outcome for one in taken)),
        line_count=sum(len(one.draft.lines) for one in taken if one.outcome == "accepted"),
    )


def _close_inbox(connection: sql.Connection, shop_id: int, taken: Sequence[Accepted]) -> None:
    """Close what the inbox says about orders that are in now."""
    numbers = sorted({one.draft.external_order_no for one in taken})
    for row in sql.rows(connection, "inbox_of_messages", shop_id=shop_id, external_nos=numbers):
        note = "取り込まれました。 | It has been taken in."
        sql.call(connection, "transit.inbox_close", row.inbox_id, note)


def standing(
    connection: sql.Connection, vault: Vault, shop_id: int, raws: Sequence[Raw]
) -> dict[str, str]:
    """Say of orders that were kept before whether these are `unchanged` or `changed`; nothing is written."""
    found: dict[str, str] = {}
    for start in range(0, len(raws), PAGE_MAX):
        page = raws[start : start + PAGE_MAX]
        documents = [
            (raw, body, vault.digest("transit.message", body))
            for raw in page
            for body in (cards.masked(raw.body),)
        ]
        fresh, _ = _unknown(connection, shop_id, documents)
        new = {raw.external_no for raw, _, _ in fresh}
        kept = {
            row.external_order_no
            for row in sql.rows(
                connection,
                "import_orders_known",
                shop_id=shop_id,
                external_order_nos=[raw.external_no for raw in page],
            )
        }
        found |= {no: "changed" if no in new else "unchanged" for no in kept}
    return found


def _unknown(
    connection: sql.Connection, shop_id: int, documents: Sequence[tuple[Raw, bytes, Any]]
) -> tuple[list[tuple[Raw, bytes, Any]], list[Any]]:
    """Part documents into those to store and the messages that say the same already."""
    if not documents:
        return [], []
    known = sql.rows(
        connection,
        "message_known",
        shop_id=shop_id,
        external_nos=[raw.external_no for raw, _, _ in documents],
        digests=[digest for _, _, digest in documents],
        kinds=[raw.kind for raw, _, _ in documents],
        timed=[raw.changed_at is not None for raw, _, _ in documents],
    )
    places = {row.place for row in known}
    fresh: list[tuple[Raw, bytes, Any]] = []
    newest: dict[tuple[str, str], Any] = {}
    seen: set[tuple[str, str, Any]] = set()
    for place, document in enumerate(documents, start=1):
        raw, _, digest = document
        key = (raw.kind, raw.external_no)
        # A known document behind a new one of the same order that bears no time is news again.
        if place in places and (raw.changed_at is not None or key not in newest):
            continue
        if newest.get(key) == digest or (raw.changed_at is not None and (*key, digest) in seen):
            continue
        newest[key] = digest
        seen.add((*key, digest))
        fresh.append(document)
    return fresh, known


def _store(
    connection: sql.Connection,
    vault: Vault,
    shop_id: int,
    fresh: Sequence[tuple[Raw, bytes, Any]],
    map_code: str | None,
) -> list[int]:
    if not fresh:
        return []
    keys = data_keys(connection, vault, shop_id, [raw.external_no for raw, _, _ in fresh])
    ids = [row.message_id for row in sql.rows(connection, "message_ids", count=len(fresh))]
    sql.rows(
        connection,
        "message_store",
        shop_id=shop_id,
        map_code=map_code,
        message_ids=ids,
        data_key_ids=[keys.id_of(raw.external_no) for raw, _, _ in fresh],
        changed_ats=[raw.changed_at for raw, _, _ in fresh],
        digests=[digest for _, _, digest in fresh],
        kinds=[raw.kind for raw, _, _ in fresh],
        external_nos=[raw.external_no for raw, _, _ in fresh],
        bodies=[
            keys.seal(raw.external_no, body_context(message_id), body)
            for message_id, (raw, body, _) in zip(ids, fresh, strict=True)
        ],
    )
    return ids


def _patiently(act: Callable[[], IntakeResult]) -> IntakeResult:
    """Try again when others hold the rows."""
    for attempt in range(1, BUSY_ATTEMPTS):
        try:
            return act()
        except sql.errors.Busy:
            time.sleep(BUSY_PAUSE_S * attempt)
    return act()


def is_about_data(error: sql.errors.DatabaseError) -> bool:
    """Say whether the database refused what it was given, rather than could not work."""
    if isinstance(error, (sql.errors.DatabaseUnavailable, sql.errors.Busy, sql.errors.NotAllowed)):
        return False
    if isinstance(error, (sql.errors.Refused, sql.errors.DaichoError)):
        return True
    # 54: a limit of the program, such as a text too long for an index.
    return (error.sqlstate or "").startswith("54")


def words(connection: sql.Connection, error: sql.errors.DatabaseError) -> str:
    """Say in words of the schema why a row was refused, never with the value itself."""
    if error.constraint and error.table:
        found = sql.rows(connection, "constraint_words", name=error.constraint, table=error.table)
        if found and found[0].words:
            return str(found[0].words)
    if isinstance(error, sql.errors.DaichoError):
        return error.message
    where = ".".join(part for part in (error.table, error.column) if part)
    return (
        f"値が範囲か形に合いません（{where or error.sqlstate}）。"
        f" | A value is out of range or of a wrong form ({where or error.sqlstate})."
    )


def _unfit(message_id: int, external_no: str, inbox_reason: str, detail: str) -> Unfit:
    return Unfit(
        message_id=message_id,
        external_no=external_no,
        inbox_reason=inbox_reason,
        detail=detail[:DETAIL_MAX],
    )
