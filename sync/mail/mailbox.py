"""One connection to a shop's mailbox. It reads, and changes nothing there."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailboxFolderSelectError,
    MailboxLoginError,
    MailBoxStartTls,
    MailBoxUnencrypted,
)

from sync.errors import SyncError

TIMEOUT_S: Final = 30.0
HEAD_BYTES: Final = 256 * 1024
_SIZE: Final = re.compile(
    rb"\bUID (\d+)\b.*?\bRFC822\.SIZE (\d+)|\bRFC822\.SIZE (\d+).*?\bUID (\d+)\b"
)
_UID: Final = re.compile(rb"\bUID (\d+)\b")
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


class MailboxAway(SyncError):
    """受信サーバーにつながりません。 | The mailbox's server cannot be reached."""


class MailboxRefuses(SyncError):
    """受信サーバーが受け付けません。 | The mailbox's server refuses us."""

    hint_default = (
        "受信箱の利用者名、パスワード、フォルダを確かめます。"
        " | Check the user, the password and the folder of the mailbox."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """How a mailbox is reached."""

    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A message as the server has it; `is_whole` is false where only its beginning was fetched."""

    uid: int
    size: int
    content: bytes
    is_whole: bool


class Opened:
    """A folder that is open for reading."""

    def __init__(self, mailbox: BaseMailBox, uid_validity: int, uid_next: int) -> None:
        self._mailbox = mailbox
        self.uid_validity = uid_validity
        self.uid_next = uid_next

    def after(self, uid: int) -> list[int]:
        """The UIDs above one, ascending."""
        # `n:*` names the last message even when its number is lower
        return [one for one in self._search(f"UID {uid + 1}:*") if one > uid]

    def since(self, day: date) -> list[int]:
        """The UIDs of what came on a day or later, ascending."""
        return self._search(f"SINCE {day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}")

    def _search(self, criteria: str) -> list[int]:
        return sorted(int(one) for one in self._mailbox.uids(criteria, charset=None))

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """The size of each of some messages; those gone meanwhile are left out."""
        found: dict[int, int] = {}
        for line in self._fetch(uids, "(UID RFC822.SIZE)"):
            head = line[0] if isinstance(line, tuple) else line
            if match := _SIZE.search(head):
                uid, size = (match[1], match[2]) if match[1] else (match[4], match[3])
                found[int(uid)] = int(size)
        return found

    def messages(self, sizes: dict[int, int], whole_max: int) -> Iterator[Raw]:
        """Some messages with their bytes; of one larger than `whole_max` only the beginning."""
        small = [uid for uid, size in sizes.items() if size <= whole_max]
        large = [uid for uid in sizes if uid not in set(small)]
        for uids, wanted, is_whole in (
            (small, "(UID BODY.PEEK[])", True),
            (large, f"(UID BODY.PEEK[]<0.{HEAD_BYTES}>)", False),
        ):
            for line in self._fetch(uids, wanted) if uids else ():
                if isinstance(line, tuple) and (match := _UID.search(line[0])):
                    uid = int(match[1])
                    yield Raw(uid=uid, size=sizes[uid], content=line[1], is_whole=is_whole)

    def _fetch(self, uids: Sequence[int], wanted: str) -> list[bytes | tuple[bytes, bytes]]:
        status, lines = self._mailbox.client.uid("FETCH", ",".join(map(str, uids)), wanted)
        if status != "OK":
            raise MailboxAway(f"{MailboxAway.__doc__}")
        return [one for one in lines if one is not None]


@contextmanager
def opened(box: Box, *, timeout_s: float = TIMEOUT_S) -> Iterator[Opened]:
    """Open the folder for reading only. Raises MailboxAway or MailboxRefuses, within the block too."""
    mailbox: BaseMailBox | None = None
    try:
        mailbox = _connected(box, timeout_s)
        try:
            mailbox.login(box.user, box.password, initial_folder=None)
        except (MailboxLoginError, UnicodeError) as error:
            raise MailboxRefuses(_sentence(str(error))) from error
        try:
            mailbox.folder.set(box.folder, readonly=True)
        except MailboxFolderSelectError as error:
            raise MailboxRefuses(_sentence(str(error))) from error
        status = mailbox.folder.status(box.folder, ["UIDVALIDITY", "UIDNEXT"])
        yield Opened(mailbox, status.get("UIDVALIDITY", 0), status.get("UIDNEXT", 1))
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise MailboxAway from error
    finally:
        if mailbox is not None:
            _left(mailbox)


def _connected(box: Box, timeout_s: float) -> BaseMailBox:
    if box.security == "tls":
        return MailBox(
            box.host, box.port, timeout=timeout_s, ssl_context=ssl.create_default_context()
        )
    if box.security == "starttls":
        return MailBoxStartTls(
            box.host, box.port, timeout=timeout_s, ssl_context=ssl.create_default_context()
        )
    return MailBoxUnencrypted(box.host, box.port, timeout=timeout_s)


def _left(mailbox: BaseMailBox) -> None:
    """End politely where that can be: nothing is lost by not being heard."""
    try:
        mailbox.logout()
    except (OSError, imaplib.IMAP4.error, ImapToolsError):
        return


def _sentence(said: str) -> str:
    words = " ".join("".join(one if one.isprintable() else " " for one in said).split())
    words = words.replace("|", "/")[:200]
    return f"受信サーバーが受け付けません（{words}）。 | The mailbox's server refuses us ({words})."
