"""A real IMAP server in a process of its own, and the mails that come into it."""

import imaplib
import socket
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path
from typing import Self

USER = "shop"
SECRET = "secret-of-the-box"


class Boxes:
    """pymap on a port of this machine; what it holds ends with it."""

    def __enter__(self) -> Self:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._begin()
        return self

    def _begin(self) -> None:
        self._process = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("pymap")),
                *("--host", "127.0.0.1", "--port", str(self.port), "--no-service=managesieve"),
                *("dict", "--demo-data", "--demo-user", USER, "--demo-password", SECRET),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ends = time.monotonic() + 20
        while True:
            try:
                self._signed_in().logout()
            except OSError:
                assert time.monotonic() < ends, "the IMAP server does not begin"
                time.sleep(0.1)
            else:
                return

    def restart(self) -> None:
        """End it and begin anew: all is gone, and the numbers are others."""
        self.__exit__()
        self._begin()

    def _signed_in(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        client.login(USER, SECRET)
        return client

    def deliver(self, *mails: EmailMessage | bytes) -> None:
        """Put mails into the inbox, in this order."""
        now = imaplib.Time2Internaldate(time.time())
        client = self._signed_in()
        try:
            for mail in mails:
                raw = mail if isinstance(mail, bytes) else mail.as_bytes()
                status, said = client.append("INBOX", "", now, raw)
                assert status == "OK", said
        finally:
            client.logout()

    def flags(self) -> list[bytes]:
        """The flags of each mail, to see that none was marked."""
        client = self._signed_in()
        try:
            client.select("INBOX", readonly=True)
            _, found = client.uid("FETCH", "1:*", "(FLAGS)")
            return [one for one in found if isinstance(one, bytes)]
        finally:
            client.logout()

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
