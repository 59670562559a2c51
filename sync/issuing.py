"""Documents that are issued: numbered one by one, kept with what they state, then set; copies of them, and all as files.

A worker that dies between number and PDF leaves a document without its file. Whoever next needs the
file, the same job or a copy, sets it from what was kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import sql
import sql.errors
from sync import documenting, forms
from sync.asking import as_person, worker_again
from sync.errors import SyncError
from sync.render import pages, required
from sync.render.issued_file import data_of
from sync.render.issued_pages import STANDARD
from sync.render.order_pages import House
from sync.render.standard import NoSuchDocument, copy_mark, template_of
from sync.render.words import joined, side
from sync.shops import SYSTEM_ACCOUNT, Context
from sync.vault import IssuedKey, KeyMissing, Vault
from sync.work import RIGHT_MISSING, Done, Running, refusals_said, tell

SET_AT_ONCE: Final = 50
REASONS_MAX: Final = 500
SMALL_RETURN: Final = 10_000
NUMBERING: Final = "番号を付けています | Numbering"
SETTING: Final = "帳票を作っています | Making documents"
GATHERING: Final = "一つにまとめています | Putting them together"
COPY: Final = "写し {0} | Copy {0}"
TEMPLATE_LACKS: Final = (
    "店舗の様式に法律で決まった項目がなく、標準の様式で作りました。 | "
    "The shop's template leaves out what the law asks for; it was made by the standard one."
)
TEMPLATE_FAILED: Final = (
    "店舗の様式に誤りがあり、標準の様式で作りました。 | "
    "The shop's template is wrong; it was made by the standard one."
)
NOT_REQUIRED: Final = (
    "税込 1 万円未満の返還なので、交付の義務はありません。 | "
    "Given back was less than 10,000 yen: the law does not ask for this document."
)


class NothingIssued(SyncError):
    """発行できるものがありませんでした。 | Nothing could be issued."""


class NoDocuments(SyncError):
    """帳票がありません。 | There are no documents."""

    hint_default = (
        "発行済み帳票の一覧で選んで、もう一度頼みます。 | "
        "Choose some in the list of issued documents, then ask again."
    )


class DocumentGone(SyncError):
    """保存期限を過ぎ、内容は消されました。 | Its time is over and its content has been deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """One document of the ledger, as far as a job needs it."""

    issued_document_id: int
    document_no: str
    document_kind: str
    locale: str


def issue_documents(context: Context, running: Running) -> Done:
    """Issue a kind of document for chosen orders. An order that is refused holds up no other; run again, it goes on."""
    with (
        refusals_said(),
        sql.connect(context.settings.worker_database_url, account_id=SYSTEM_ACCOUNT) as connection,
    ):
        with as_person(connection, running.person, asked_as=running.asked_as) as person:
            kind = documenting.kind_of(connection, str(running.arguments.get("document_kind")))
            if not sql.rows(connection, "issued_kind", document_kind=kind.code):
                raise NoSuchDocument
            ids = documenting.chosen_orders(connection, running.arguments)
            house = documenting.house_of(connection, person)
            own = forms.in_force(connection, kind.code)
        reasons = _numbered(context, connection, running, kind=kind, ids=ids, own=own)
        return handed_out(context, connection, running, kind=kind, house=house, reasons=reasons)


def handed_out(
    context: Context,
    connection: sql.Connection,
    running: Running,
    *,
    kind: forms.Kind,
    house: House,
    reasons: Sequence[Mapping[str, str]],
) -> Done:
    """Set what this job has numbered and hand out the originals as one PDF; say who was refused."""
    made = [Issued(**row._asdict()) for row in sql.rows(
        connection, "issued_of_job", job_request_id=running.job_request_id
    )]  # fmt: skip
    if not made:
        raise NothingIssued(
            joined(str(NothingIssued.__doc__), *(one["reason"] for one in reasons[:3]))
        )
    told = files_set(context.vault, connection, made, telling(context, running, len(made)))
    copies = [copy_noted(connection, running, one, "issue") for one in made]
    pdf = _gathered(context, connection, running, list(zip(made, copies, strict=True)))
    if kind.code == "return_invoice":
        told += _small_returns(connection, made)
    answer: dict[str, Any] = {"documents": len(made)}
    if reasons:
        answer["refused"] = len(reasons)
    if reasons or told:
        answer["reasons"] = [*reasons, *told][:REASONS_MAX]
    name = made[0].document_no if len(made) == 1 else f"{house.issued_on:%Y%m%d}"
    return Done(
        answer=answer,
        file_name=f"{side(kind.label, house.language)}-{name}.pdf",
        stored_as=documenting.kept(context, running, pdf),
    )


def print_issued(context: Context, running: Running) -> Done:
    """Print copies of issued documents, marked as such; the first one ever handed out is the original."""
    with (
        refusals_said(),
        sql.connect(context.settings.worker_database_url, account_id=SYSTEM_ACCOUNT) as connection,
    ):
        made, language = chosen_documents(connection, running)
        told = files_set(context.vault, connection, made, telling(context, running, len(made)))
        copies = [copy_noted(connection, running, one, "print") for one in made]
        pdf = _gathered(context, connection, running, list(zip(made, copies, strict=True)))
    answer: dict[str, Any] = {"documents": len(made)}
    if told:
        answer["reasons"] = told[:REASONS_MAX]
    name = made[0].document_no if len(made) == 1 else side("発行済み帳票 | documents", language)
    return Done(
        answer=answer, file_name=f"{name}.pdf", stored_as=documenting.kept(context, running, pdf)
    )


def chosen_documents(connection: sql.Connection, running: Running) -> tuple[Sequence[Issued], str]:
    """The documents that a person chose, as they may see them, and the person's language."""
    with as_person(connection, running.person, asked_as=running.asked_as) as person:
        try:
            ids = documenting.chosen_ids(
                connection, "document.issued_document", "issued_document_id", running.arguments
            )
        except documenting.NoOrders as error:
            raise NoDocuments from error
        rows = sql.rows(connection, "issued_by_id", ids=list(ids))
    return [Issued(**row._asdict()) for row in rows], person.locale


def _numbered(
    context: Context,
    connection: sql.Connection,
    running: Running,
    *,
    kind: forms.Kind,
    ids: Sequence[int],
    own: Mapping[int, forms.Form],
) -> list[dict[str, str]]:
    """Number a document for each order, each in a transaction of its own; say which orders were refused."""
    reasons: list[dict[str, str]] = []
    zone = ZoneInfo(str(sql.value(connection, "base.setting_text", "time_zone")))
    for done, order_id in enumerate(ids):
        tell(context, running, step=NUMBERING, done=done, of_all=len(ids))
        try:
            _number(context, connection, running, kind=kind, order_id=order_id, own=own, zone=zone)
        except sql.errors.DaichoError as error:
            if error.sqlstate == RIGHT_MISSING:
                raise
            reasons.append({"row": "", "reason": joined(error.message, error.hint or "")})
    return reasons


def _number(
    context: Context,
    connection: sql.Connection,
    running: Running,
    *,
    kind: forms.Kind,
    order_id: int,
    own: Mapping[int, forms.Form],
    zone: ZoneInfo,
) -> None:
    """Number one document and keep what it states, both or neither."""
    given = running.arguments
    said = (str(given.get("addressee") or ""), str(given.get("proviso") or ""))
    with as_person(connection, running.person, asked_as=running.asked_as):
        (row,) = sql.call(
            connection,
            "document.document_issue",
            order_id,
            kind.code,
            *said,
            running.job_request_id,
        )
        if row.facts is None:
            return
        # The keys are the worker's alone
        worker_again(connection)
        facts_kept(context.vault, connection, row, document_kind=kind.code, own=own, zone=zone)


def facts_kept(
    vault: Vault,
    connection: sql.Connection,
    row: Any,  # noqa: ANN401 - a row of `document.document_issue`
    *,
    document_kind: str,
    own: Mapping[int, forms.Form],
    zone: ZoneInfo,
) -> None:
    """Keep what a document states, in the transaction that numbered it."""
    form = own.get(row.facts["shop_id"])
    parts = dict(form.parts if form else template_of(document_kind))
    digest = _template_digest(parts)
    sql.call(connection, "document.template_keep", digest, sql.Json(parts))
    facts = {"template": digest, "data": data_of(row.facts, zone)}
    key = IssuedKey.fresh(row.issued_document_id)
    body = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
    _keep(connection, key, "facts", body, wrapped=key.wrapped(vault))


def _keep(
    connection: sql.Connection, key: IssuedKey, part: str, body: bytes, wrapped: bytes | None = None
) -> None:
    digest = hashlib.sha256(body).digest()
    said = (key.issued_document_id, part, digest, len(body), key.seal(part, body), wrapped)
    sql.call(connection, "document.issued_content_keep", *said)


def telling(context: Context, running: Running, of_all: int) -> Callable[[int], None]:
    """What tells a job's person how many files are set."""

    def told(done: int) -> None:
        tell(context, running, step=SETTING, done=done, of_all=of_all)

    return told


def files_set(
    vault: Vault,
    connection: sql.Connection,
    made: Sequence[Issued],
    say: Callable[[int], None],
) -> list[dict[str, str]]:
    """Set the files that are not there yet, without an open transaction; say what was not as wanted.

    `say` hears how many are done.
    """
    told: list[dict[str, str]] = []
    done = 0
    for begin in range(0, len(made), SET_AT_ONCE):
        some = made[begin : begin + SET_AT_ONCE]
        say(done)
        by_id = {one.issued_document_id: one for one in some}
        missing = sql.rows(connection, "issued_without_file", ids=list(by_id))
        groups: dict[str, list[tuple[IssuedKey, Mapping[str, Any]]]] = {}
        for row in missing:
            key = IssuedKey.opened(vault, row.issued_document_id, row.wrapped_key)
            facts = json.loads(key.open("facts", row.sealed))
            groups.setdefault(facts["template"], []).append((key, facts["data"]))
        for template, several in groups.items():
            (found,) = sql.rows(connection, "template_text", digest=template)
            first = by_id[several[0][0].issued_document_id]
            files = _set(found.parts, first, [data for _, data in several])
            for (key, _), (file, why) in zip(several, files, strict=True):
                _keep(connection, key, "file", file)
                if why:
                    number = by_id[key.issued_document_id].document_no
                    told.append({"row": number, "reason": why})
        done += len(some)
    return told


def _set(
    parts: Mapping[str, str],
    one: Issued,
    several: Sequence[Mapping[str, Any]],
) -> Sequence[tuple[bytes, str]]:
    """Set each, and say why not by the template wanted where it is not.

    Where a shop's own fails, or leaves out what the law asks for, the standard one serves, because
    the number is given.
    """
    standard = template_of(one.document_kind)
    if dict(parts) == standard:
        return [(file, "") for file in pages.typeset_each(parts, several, standard=STANDARD)]
    try:
        made = pages.typeset_read(parts, several, standard=STANDARD)
    except (pages.TemplateWrong, pages.TemplateEndless):
        if len(several) > 1:
            return [made for data in several for made in _set(parts, one, [data])]
        (file,) = pages.typeset_each(standard, several, standard=STANDARD)
        return [(file, TEMPLATE_FAILED)]
    found: list[tuple[bytes, str]] = []
    for data, read in zip(several, made, strict=True):
        if lacks := required.lacking(read.text, data["documents"][0]):
            (file,) = pages.typeset_each(standard, [data], standard=STANDARD)
            found.append((file, joined(TEMPLATE_LACKS, required.sentence(lacks))))
        else:
            found.append((read.pdf, ""))
    return found


def copy_noted(connection: sql.Connection, running: Running, one: Issued, act: str) -> int:
    """Note that a document is handed out; which copy it is."""
    said = (one.issued_document_id, act, running.person, running.job_request_id)
    number: int = sql.value(connection, "document.issued_copy_note", *said)
    return number


def _gathered(
    context: Context,
    connection: sql.Connection,
    running: Running,
    made: Sequence[tuple[Issued, int]],
) -> bytes:
    """One PDF of all; copies have their mark."""
    tell(context, running, step=GATHERING, done=len(made), of_all=len(made))
    marks: dict[tuple[str, int], bytes] = {}
    files: list[bytes] = []
    for (one, copy_no), pdf in zip(
        made, files_of(context.vault, connection, [one for one, _ in made]), strict=True
    ):
        files.append(pdf if copy_no == 1 else marked(pdf, one.locale, copy_no - 1, marks))
    return pages.merged(files)


def files_of(vault: Vault, connection: sql.Connection, made: Sequence[Issued]) -> Iterator[bytes]:
    """The kept PDFs, in this order. Raises DocumentGone where one's time is over."""
    for one in made:
        found = sql.rows(connection, "issued_file", issued_document_id=one.issued_document_id)
        if not found:
            raise DocumentGone(
                f"{one.document_no}: {side(str(DocumentGone.__doc__), 'ja')} | {one.document_no}: {side(str(DocumentGone.__doc__), 'en')}"
            )
        key = IssuedKey.opened(vault, one.issued_document_id, found[0].wrapped_key)
        pdf = key.open("file", found[0].sealed)
        if hashlib.sha256(pdf).digest() != found[0].digest:
            raise KeyMissing
        yield pdf


def marked(pdf: bytes, language: str, number: int, marks: dict[tuple[str, int], bytes]) -> bytes:
    """A copy of a document with its mark on each page; `marks` are those set before."""
    if (language, number) not in marks:
        data = {"locale": language, "mark": side(COPY.format(number), language)}
        marks[language, number] = pages.typeset(copy_mark(), data)
    return pages.overlaid(pdf, marks[language, number])


def _small_returns(connection: sql.Connection, made: Sequence[Issued]) -> list[dict[str, str]]:
    """Which returns the law does not ask for."""
    ids = [one.issued_document_id for one in made]
    return [
        {"row": row.document_no, "reason": NOT_REQUIRED}
        for row in sql.rows(connection, "issued_totals", ids=ids)
        if Decimal(row.total_base) < SMALL_RETURN
    ]


def _template_digest(parts: Mapping[str, str]) -> str:
    body = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()
