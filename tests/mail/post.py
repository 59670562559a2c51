"""A real SMTP server on this machine, with moods: what it refuses, what it keeps, when it hangs."""

import asyncio
import email
import email.policy
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.smtp import SMTP


@dataclass
class Post:
    """Takes mails and keeps them; `moods` are tried in turn for each mail, then all is taken.

    A mood is `(stage, answer)`: stage mail, rcpt or data; answer an SMTP line, "hang" or "drop".
    """

    kept: list[tuple[str, str, bytes]] = field(default_factory=list)
    moods: list[tuple[str, str]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    hang_s: float = 30.0
    pause_s: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_MAIL(  # noqa: N802 - as aiosmtpd calls it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = self._mood("mail")
        if answer:
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        answer = self._mood("rcpt")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self._mood("data")
        await asyncio.sleep(self.pause_s)
        if answer == "drop":
            server.transport.abort()
            return "250 OK"
        if answer in ("hang", "keep and hang"):
            if answer == "keep and hang":
                self._keep(envelope)
            await asyncio.sleep(self.hang_s)
            return "451 too late"
        if answer:
            return answer
        self._keep(envelope)
        return "250 OK"

    def _keep(self, envelope: Any) -> None:
        with self.lock:
            for one in envelope.rcpt_tos:
                self.kept.append((envelope.mail_from, one, bytes(envelope.content)))

    def _mood(self, stage: str) -> str:
        with self.lock:
            if self.moods and self.moods[0][0] == stage:
                return self.moods.pop(0)[1]
        return ""

    @property
    def mails(self) -> list[EmailMessage]:
        with self.lock:
            return [
                email.message_from_bytes(content, policy=email.policy.default)
                for _, _, content in self.kept
            ]


class Office:
    """The server as a thread of this process."""

    def __init__(self) -> None:
        self.post = Post()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()

        async def begin() -> asyncio.Server:
            return await self._loop.create_server(
                lambda: SMTP(
                    self.post, hostname="post.example", data_size_limit=50_000_000, loop=self._loop
                ),
                "127.0.0.1",
                0,
            )

        self._server = asyncio.run_coroutine_threadsafe(begin(), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        async def end() -> None:
            self._server.close()
            left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
