"""A mail that came in, read as far as it can be read. Pure, and never raises on any bytes.

What real mails hold is read beyond what the standards say: characters of NEC and IBM in ISO-2022-JP,
Shift_JIS that says it is something else, no charset at all, headers without end.
"""

from __future__ import annotations

import email
import email.errors
import email.policy
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from typing import Final
from urllib.parse import unquote_to_bytes

from sync.render.charsets import decoded
from sync.render.statuses import STATUS, at_fault

HEADERS_MAX: Final = 256 * 1024
TEXT_MAX: Final = 200_000
PARTS_MAX: Final = 200
FILES_MAX: Final = 50
SUBJECT_MAX: Final = 500
REFERENCES_MAX: Final = 50
WORDS_MAX: Final = 1_000
WORDS_OF: Final = 20_000
"""So much of a text is searched for order numbers."""

BROKEN: Final = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
    email.errors.MessageError,
)
"""What the standard parser raises on hostile bytes, as tests have seen."""

FORWARDED: Final = "x-daicho-forwarded"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_BLANK: Final = re.compile(r"[\x00-\x20\x7f\u2028\u2029\ud800-\udfff]+")
_NUMBER: Final = re.compile(r"<[!-;=?-~]{1,400}>")
_WORD: Final = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z_-]*[0-9A-Za-z])?")
_ADDRESS: Final = re.compile(r"[^\s<>\"(),:;@\x00-\x1f]{1,128}@[^\s<>\"(),:;@\x00-\x1f]{1,255}")
_RETURN_TO: Final = re.compile(r"\+(\d{1,18})\.([0-9a-f]{12})@")
_DAEMON: Final = ("mailer-daemon", "postmaster", "mail-daemon")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attachment: its place among the parts, its name, its bytes when opened."""

    place: int
    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What a bounce or a complaint says: `kind` is hard, soft, complaint or auto."""

    kind: str
    status: str
    said: str
    original_no: str
    is_address: bool = False
    """Whether the address is at fault: no other mail would arrive there either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A mail as people and the linking need it. Times are UTC; numbers have their brackets."""

    message_no: str
    references: Sequence[str]
    from_address: str
    from_name: str
    subject: str
    text: str
    files: Sequence[File]
    senders: Sequence[str]
    """Each address that stands as a sender, in small letters: From, Sender and Reply-To."""

    is_forwarded: bool
    """A Daicho forwarded it once: it is not forwarded again."""

    sent_at: datetime | None
    marks: Sequence[tuple[int, str]]
    """Mails of ours that its receiving addresses name: number and mark, not checked yet."""

    returned: Returned | None
    is_unread: bool
    """Nothing of its text could be read; the raw message is all there is."""

    @property
    def words(self) -> list[str]:
        """What may be an order number: each word of subject and text, full-width folded."""
        folded = unicodedata.normalize("NFKC", f"{self.subject}\n{self.text[:WORDS_OF]}")
        found = dict.fromkeys(
            one for one in _WORD.findall(folded) if len(one) <= 100 and any(map(str.isdigit, one))
        )
        return [one for one in found if len(one) >= 4][:WORDS_MAX]


def read(raw: bytes) -> Incoming:
    """Read a mail. What cannot be read is left out and said by `is_unread`."""
    try:
        return _read(raw)
    except BROKEN:
        return Incoming(
            message_no=_digest_no(raw),
            references=(),
            from_address="",
            from_name="",
            subject="",
            text="",
            files=(),
            senders=(),
            is_forwarded=False,
            sent_at=None,
            marks=(),
            returned=None,
            is_unread=True,
        )


def file_of(raw: bytes, place: int) -> tuple[File, bytes] | None:
    """One attachment of a mail, by its place; None when there is none."""
    try:
        message = email.message_from_bytes(_bounded(raw), policy=email.policy.compat32)
        for number, part in enumerate(_parts(message)):
            if number == place and (found := _file(number, part)) is not None:
                return found, _bytes_of(part)
    except BROKEN:
        return None
    return None


def _read(raw: bytes) -> Incoming:
    message = email.message_from_bytes(_bounded(raw), policy=email.policy.compat32)
    name, address = _sender(message)
    text, files, is_unread = _body(message)
    numbers = _NUMBER.findall(_header(message, "message-id"))
    references = [
        *_NUMBER.findall(_header(message, "references")),
        *_NUMBER.findall(_header(message, "in-reply-to")),
    ]
    return Incoming(
        message_no=numbers[0] if numbers else _digest_no(raw),
        references=list(dict.fromkeys(reversed(references)))[:REFERENCES_MAX][::-1],
        from_address=address,
        from_name=name,
        subject=_line(_header(message, "subject"))[:SUBJECT_MAX],
        text=text,
        files=files,
        senders=_senders(message),
        is_forwarded=bool(_header(message, FORWARDED)),
        sent_at=_moment(_header(message, "date")),
        marks=_marks(message),
        returned=_returned(message, text),
        is_unread=is_unread,
    )


def _bounded(raw: bytes) -> bytes:
    """The message with no more headers than anybody needs, and without NUL."""
    raw = raw.replace(b"\0", b"")
    end = min((at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if at >= 0), default=-1)
    if end > HEADERS_MAX or (end < 0 and len(raw) > HEADERS_MAX):
        cut = raw.rfind(b"\n", 0, HEADERS_MAX)
        return raw[: max(cut, 0)] + b"\n\n" + (raw[end:].lstrip(b"\r\n") if end >= 0 else b"")
    return raw


def _digest_no(raw: bytes) -> str:
    """The number of a mail without one: the same bytes, the same number."""
    return f"<{sha256(raw).hexdigest()[:40]}@no-message-id>"


def _header(message: Message, name: str) -> str:
    """A header as text, whatever its bytes are."""
    value = next((held for key, held in message.raw_items() if key.lower() == name), "")
    plain = str(value)
    if any("\udc80" <= one <= "\udcff" for one in plain) or "\x1b" in plain:
        # Bytes that are no encoded words: as old programs write them
        return decoded(plain.encode("utf-8", "surrogateescape"), "")
    plain = re.sub(r"\r?\n[ \t]+", " ", plain)
    return _words_decoded(plain)


def _words_decoded(plain: str) -> str:
    """Encoded words as text. Neighbours of one charset are joined before: some cut a character in two."""
    if "=?" not in plain:
        return plain
    try:
        pieces = decode_header(plain)
    except BROKEN:
        return plain
    said: list[str] = []
    for value, charset in pieces:
        if isinstance(value, str):
            said.append(value)
        elif charset is None:
            said.append(value.decode("latin-1"))
        else:
            said.append(decoded(value, charset))
    return "".join(said)


def _line(text: str) -> str:
    return _BLANK.sub(" ", text).strip()


def _sender(message: Message) -> tuple[str, str]:
    """Name and address of who is to be answered: Reply-To before From."""
    whom = _header(message, "from")
    names = getaddresses([whom[:2000]])
    name = _line(names[0][0]) if names else ""
    for header in ("reply-to", "from"):
        text = _header(message, header)[:2000]
        # Not from what stands in quotes: a name may look like an address
        bare = re.findall(r"<([^<>]*)>", text)
        found = _ADDRESS.search(bare[-1]) if bare else None
        found = found or _ADDRESS.search(re.sub(r'"[^"]*"', " ", text))
        if found:
            return name[:200], found.group()[:320]
    return name[:200], ""


def _senders(message: Message) -> list[str]:
    found = (_header(message, name)[:2000] for name in ("from", "sender", "reply-to"))
    return [one.lower()[:320] for said in found for one in _ADDRESS.findall(said)][:10]


def _moment(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text[:200])
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except BROKEN:
        return None


def _marks(message: Message) -> list[tuple[int, str]]:
    """Mails of ours named by the addresses that received this one."""
    found: dict[tuple[int, str], None] = {}
    for key, value in message.raw_items():
        if key.lower() in ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to"):
            for number, mark in _RETURN_TO.findall(str(value)[:4000]):
                found[(int(number), mark)] = None
    return list(found)[:10]


def _parts(message: Message) -> Iterator[Message]:
    """The leaves of a message, and what was forwarded as a whole; so many and no more."""
    waiting = [message]
    count = 0
    while waiting and count < PARTS_MAX:
        part = waiting.pop(0)
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_type() != "message/rfc822":
            waiting[:0] = [one for one in payload if isinstance(one, Message)]
            continue
        count += 1
        yield part


def _bytes_of(part: Message) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\n".join(one.as_bytes() for one in payload if isinstance(one, Message))
    try:
        found = part.get_payload(decode=True)
    except BROKEN:
        found = None
    if isinstance(found, bytes):
        return found
    return str(payload or "").encode("utf-8", "surrogateescape")


def _file(place: int, part: Message) -> File | None:
    """What a part is as a file; None for one that is text to read."""
    name = _file_name(part)
    kind = part.get_content_type()
    disposition = str(part.get("content-disposition", "")).strip().lower()
    if not name and kind in ("text/plain", "text/html") and not disposition.startswith("attach"):
        return None
    if not name and kind in ("message/delivery-status", "message/feedback-report"):
        return None
    return File(
        place=place,
        name=name or f"{kind.replace('/', '-')}-{place}",
        kind=kind,
        size=len(_bytes_of(part)),
    )


def _file_name(part: Message) -> str:
    """The name of an attachment, as RFC 2231 or (against the rules, and usual) as encoded words."""
    for header, key in (("content-disposition", "filename"), ("content-type", "name")):
        value = _plain(part, header).get_param(key, header=header)
        if isinstance(value, tuple):
            charset, _, text = value
            name = decoded(str(text or "").encode("latin-1", "surrogateescape"), charset or "")
        elif value:
            name = str(value)
            if name.lower().startswith(("utf-8''", "iso-2022-jp''", "shift_jis''")):
                charset, _, rest = name.partition("''")
                name = decoded(unquote_to_bytes(rest), charset)
            else:
                name = _words_decoded(name)
        else:
            continue
        name = re.split(r"[\\/]", _line(name))[-1].strip(". ")
        if name:
            return name[:150]
    return ""


def _plain(part: Message, name: str) -> Message:
    """The part, or where a header of it has bytes of its own, a message with that header as text."""
    value = next((str(held) for key, held in part.raw_items() if key.lower() == name), "")
    if "\x1b" not in value and not any("\udc80" <= one <= "\udcff" for one in value):
        return part
    made = Message()
    made[name] = decoded(value.encode("utf-8", "surrogateescape"), "")
    return made


def _body(message: Message) -> tuple[str, list[File], bool]:
    """The text of a mail, its files, and whether there was text that could not be read."""
    plain: list[str] = []
    pages: list[str] = []
    files: list[File] = []
    for place, part in enumerate(_parts(message)):
        found = _file(place, part)
        if found is not None:
            if len(files) < FILES_MAX:
                files.append(found)
            continue
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html"):
            continue
        text = decoded(_bytes_of(part), str(part.get_param("charset") or ""))
        (pages if kind == "text/html" else plain).append(text)
    text = "\n\n".join(one for one in plain if one.strip())
    if not text.strip():
        text = "\n\n".join(_of_html(one) for one in pages)
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"\n{4,}", "\n\n\n", text).strip("\n")
    is_unread = not text.strip() and not files and bool(str(message.get_payload() or "").strip())
    return text[:TEXT_MAX], files, is_unread


class _Text(HTMLParser):
    """What a reader of an HTML mail sees, line by line."""

    _HIDDEN: Final = ("script", "style", "head", "title", "template")
    _LINES: Final = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote", "table", "hr")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in self._HIDDEN:
            self._hidden += 1
        elif tag in self._LINES:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in self._LINES and tag != "br":
            self.said.append("\n")
        elif tag == "td":
            self.said.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(re.sub(r"\s+", " ", data))


def _of_html(page: str) -> str:
    reader = _Text()
    try:
        reader.feed(page)
        reader.close()
        said = "".join(reader.said)
    except BROKEN:
        said = unescape(re.sub(r"<[^<>]{0,2000}>", " ", page))
    lines = (one.strip() for one in said.replace("\u00a0", " ").splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _returned(message: Message, text: str) -> Returned | None:
    """What a machine sent: a bounce, a complaint, an automatic answer; None for a person's mail."""
    parts = list(message.walk())[:PARTS_MAX]
    kinds = {part.get_content_type() for part in parts}
    if "message/feedback-report" in kinds:
        return Returned(kind="complaint", status="", said="", original_no=_original(parts, text))
    status = next(
        (one for one in parts if one.get_content_type() == "message/delivery-status"), None
    )
    address = _sender(message)[1].lower().partition("@")[0]
    null = _line(str(message.get("return-path", ""))) == "<>"
    if status is not None:
        fields = _fields(status)
        action = fields.get("action", "").lower()
        code = STATUS.search(fields.get("status", ""))
        if action in ("delivered", "relayed", "expanded"):
            return Returned(kind="auto", status="", said="", original_no="")
        # Whoever says "failed" has given up, also after days of "not now" (4.x.x)
        is_hard = action == "failed"
        return Returned(
            kind="hard" if is_hard else "soft",
            status=code.group() if code else "",
            said=_nobody(fields.get("diagnostic-code", "")),
            original_no=_original(parts, text),
            is_address=is_hard and at_fault(code.group() if code else ""),
        )
    if address in _DAEMON or (
        null and "failed-recipients" in _header(message, "x-failed-recipients")
    ):
        # Not by the rules: some mail programs only write a letter
        code = STATUS.search(text)
        basic = re.search(r"\b([45])\d\d\b", text, re.ASCII)
        first = code.group(1) if code else basic.group(1) if basic else ""
        return Returned(
            kind="hard" if first == "5" else "soft",
            status=code.group() if code else "",
            said=_nobody(next((one for one in text.splitlines() if STATUS.search(one)), "")),
            original_no=_original(parts, text),
            is_address=first == "5" and at_fault(code.group() if code else ""),
        )
    by_itself = _line(_header(message, "auto-submitted")).lower()
    if (
        (by_itself and by_itself.split(";")[0].strip() != "no")
        # Not "list": a shop's address that is a group (Google Groups) marks what customers write so
        or _line(_header(message, "precedence")).lower() in ("bulk", "junk", "auto_reply")
        or _header(message, "x-autoreply")
        or _header(message, "x-autorespond")
        or null
    ):
        return Returned(kind="auto", status="", said="", original_no="")
    return None


def _fields(status: Message) -> dict[str, str]:
    """The fields of a delivery status: of the first recipient that failed, else of the first."""
    payload = status.get_payload()
    blocks = (
        [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
    )
    if not blocks:
        blocks = [email.message_from_string(str(payload or ""), policy=email.policy.compat32)]
    told = [one for one in blocks if one.get("final-recipient") or one.get("action")] or blocks
    chosen = next((one for one in told if "fail" in str(one.get("action", "")).lower()), told[0])
    return {key.lower(): _line(str(value)) for key, value in chosen.raw_items()}


def _original(parts: Sequence[Message], text: str) -> str:
    """The Message-ID of the mail that came back, from what was enclosed."""
    for part in parts[1:]:
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822", "text/plain"):
            said = _bytes_of(part)[:HEADERS_MAX].decode("latin-1")
            if found := re.search(r"(?im)^message-id:\s*(<[!-;=?-~]{1,400}>)", said):
                return found.group(1)
        if numbers := _NUMBER.findall(str(part.get("message-id", ""))):
            return numbers[0]
    found = re.search(r"(?i)message-id:\s*(<[!-;=?-~]{1,400}>)", text)
    return found.group(1) if found else ""


def _nobody(said: str) -> str:
    """A server's words without the addresses in them."""
    return _line(_ADDRESS.sub("…", said).replace("<…>", "…"))[:300]
