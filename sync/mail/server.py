"""One connection to a shop's mail server, and what each of its answers means."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from sync.errors import SyncError
from sync.render.statuses import at_fault, status_of

TIMEOUT_S: Final = 20.0
OFF_S: Final = 2.0
READY: Final = 354
ADDRESS_WRONG: Final = (510, 511, 512, 550, 551, 553)
SIGN_IN_ASKED: Final = (530, 535)
_RELAY: Final = re.compile(
    r"\brelay|authentication required|must authenticate|not authenticated", re.IGNORECASE
)
"""A server that does not carry our mail says so at a recipient; it says nothing of that address."""

log = structlog.get_logger("sync.mail")


class ServerAway(SyncError):
    """送信サーバーにつながりません。 | The mail server cannot be reached."""


class ServerRefuses(SyncError):
    """送信サーバーが受け付けません。 | The mail server refuses us."""

    hint_default = (
        "メール設定の利用者名、パスワード、差出人を確かめます。"
        " | Check the user, the password and the sender of the mail account."
    )


class NotNow(SyncError):
    """送信サーバーが、後でもう一度と答えました。 | The mail server says: not now."""


class MailRefused(SyncError):
    """送信サーバーがこのメールを断りました。 | The mail server refused this mail."""

    def __init__(self, code: int, said: str, *, is_address: bool) -> None:
        super().__init__(
            f"送信サーバーがこのメールを断りました（{code} {said}）。 | The mail server refused this mail ({code} {said})."
        )
        self.is_address = is_address


class Uncertain(SyncError):
    """渡した後、サーバーの答えがありません。 | It was handed over, and the server did not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How a server is reached."""

    host: str
    port: int
    security: str
    user: str
    password: str


class Server:
    """A connection that carries one mail after another; after an error it is opened anew."""

    def __init__(self, account: Account, *, timeout_s: float = TIMEOUT_S) -> None:
        self._account = account
        self._timeout_s = timeout_s
        self._smtp: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connect and sign in, unless that is done. Raises ServerAway or ServerRefuses."""
        if self._smtp is not None:
            return
        account = self._account
        smtp: smtplib.SMTP
        try:
            if account.security == "tls":
                smtp = smtplib.SMTP_SSL(
                    account.host,
                    account.port,
                    timeout=self._timeout_s,
                    context=ssl.create_default_context(),
                )
            else:
                smtp = smtplib.SMTP(account.host, account.port, timeout=self._timeout_s)
            self._smtp = smtp
            if account.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if account.user:
                smtp.login(account.user, account.password)
            else:
                smtp.ehlo_or_helo_if_needed()
        except smtplib.SMTPAuthenticationError as error:
            self.close()
            raise ServerRefuses(_sentence(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPNotSupportedError as error:
            self.close()
            raise ServerRefuses(
                "送信サーバーは、設定された暗号化か認証ができません。"
                " | The mail server does not know the security or the sign-in of the account."
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise ServerAway from error

    @property
    def greeting(self) -> str:
        """What the server says of itself, on one line."""
        said = self._smtp.ehlo_resp or self._smtp.helo_resp if self._smtp else None
        return _words((said or b"").split(b"\n", 1)[0])

    def send(self, sender: str, recipient: str, content: bytes, mark: Callable[[], bool]) -> bool:
        """Hand over one mail; false when `mark` said no.

        `mark` is called when the server is ready to take it and not before: whatever happens until
        then, nothing was handed over. Raises ServerAway, ServerRefuses, NotNow or MailRefused when
        it certainly did not go, and Uncertain when nobody can know.
        """
        self.open()
        smtp = self._smtp
        if smtp is None:
            raise ServerAway
        try:
            eight_bit = ["body=8bitmime"] if smtp.has_extn("8bitmime") else []
            self._answer(*smtp.mail(sender, eight_bit), is_sender=True)
            self._answer(*smtp.rcpt(recipient), is_recipient=True)
            code, said = smtp.docmd("DATA")
            if code != READY:
                self._answer(code, said)
                raise NotNow(_sentence(code, said))
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise ServerAway from error
        is_marked = False
        try:
            is_marked = mark()
        finally:
            if not is_marked:
                # The server waits for a mail that will not come
                self.close()
        if not is_marked:
            return False
        try:
            smtp.send(_dotted(content))
            code, said = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Uncertain from error
        if code // 100 not in (2, 4, 5):
            # No answer that SMTP knows: it may have the mail
            self.close()
            raise Uncertain
        self._answer(code, said)
        return True

    def _answer(
        self, code: int, said: bytes, *, is_sender: bool = False, is_recipient: bool = False
    ) -> None:
        """Go on after a good answer; forget this mail after a bad one."""
        if 200 <= code < 300:
            return
        smtp = self._smtp
        if code == 421 or code // 100 not in (3, 4, 5) or smtp is None:
            self.close()
            raise ServerAway(_sentence(code, said))
        try:
            smtp.rset()
        except (OSError, smtplib.SMTPException):
            self.close()
        if 400 <= code < 500:
            # Said of the sender, it is said of every mail: the server is left alone for a while
            raise ServerAway(_sentence(code, said)) if is_sender else NotNow(_sentence(code, said))
        text = _words(said)
        is_address = is_recipient and code in ADDRESS_WRONG and at_fault(text)
        if is_sender or code in SIGN_IN_ASKED or (is_recipient and _no_relay(text)):
            # Better one account that waits than each of its mails refused
            raise ServerRefuses(_sentence(code, said))
        raise MailRefused(code, text, is_address=is_address)

    def close(self) -> None:
        """Give the connection back; what is open in it is not handed over."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def quit(self) -> None:
        """End politely."""
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (OSError, smtplib.SMTPException):
                log.info("mail_server_left", error="no answer to QUIT")
            self.close()


def _dotted(content: bytes) -> bytes:
    """The bytes as DATA wants them: CRLF at each end of line, dots doubled, a dot at the end."""
    lines = content.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    return b"\r\n".join(b"." + one if one.startswith(b".") else one for one in lines) + b"\r\n.\r\n"


def _no_relay(text: str) -> bool:
    """Whether a server says that it carries nothing for us; "unknown in relay table" is another thing."""
    is_unknown = status_of(text) != "" and at_fault(text)
    return _RELAY.search(text) is not None and not is_unknown


def _words(said: bytes | str) -> str:
    text = said if isinstance(said, str) else said.decode("utf-8", "replace")
    text = text.replace("|", "/")
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:200]


def _sentence(code: int, said: bytes | str) -> str:
    words = f"{code} {_words(said)}"
    return f"送信サーバーの答え: {words} | The mail server said: {words}"
