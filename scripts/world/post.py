"""The post office of the simulated buyers: a mail server of this machine that keeps what it is given.

A small part of SMTP (RFC 5321), as much as a sender needs. Mails lie as files in a folder, the
newest of them, so that a person can open them; nothing leaves this machine.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from pathlib import Path
from typing import Final

from scripts.world.server import HOST

SIZE_MAX: Final = 30_000_000
LINE_MAX: Final = 4_096
KEPT_MAX: Final = 500
IDLE_S: Final = 300
_PATH: Final = re.compile(rb"(?i)(?:FROM|TO):\s*<([^>]*)>")


class PostOffice:
    """Takes mails in a thread of its own; without a folder it keeps nothing but their number."""

    def __init__(self, *, port: int = 0, folder: Path | None = None) -> None:
        self.port = port
        self.count = 0
        self.folder = folder
        self.is_open = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="post", daemon=True)

    def start(self) -> None:
        """Listen; port 0 takes a free one. Raises OSError when the port is taken."""
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._thread.start()
        opened = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, HOST, self.port, limit=SIZE_MAX), self._loop
        )
        try:
            self._server = opened.result()
        except OSError:
            self._end()
            raise
        self.is_open = True
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Stop listening and end the connections that are open."""

        async def end() -> None:
            self._server.close()
            left = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
            for one in left:
                one.cancel()
            await asyncio.gather(*left, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result()
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await asyncio.wait_for(self._talk(reader, writer), IDLE_S)
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
            # Whoever spoke went away, or spoke of something else
            return
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sender, recipients = b"", list[bytes]()
        writer.write(b"220 post.example ready\r\n")
        while line := await reader.readline():
            word = line[:4].upper().strip()
            path = _PATH.search(line[:LINE_MAX])
            if word == b"EHLO":
                writer.write(b"250-post.example\r\n250-8BITMIME\r\n250 SIZE %d\r\n" % SIZE_MAX)
            elif word in (b"HELO", b"NOOP", b"RSET"):
                recipients = []
                writer.write(b"250 OK\r\n")
            elif word == b"MAIL" and path:
                sender, recipients = path[1], []
                writer.write(b"250 OK\r\n")
            elif word == b"RCPT" and path and path[1]:
                recipients.append(path[1])
                writer.write(b"250 OK\r\n")
            elif word == b"DATA" and recipients:
                writer.write(b"354 go on\r\n")
                await writer.drain()
                content = await _content(reader)
                self._keep(sender, recipients, content)
                recipients = []
                writer.write(b"250 OK\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"503 what?\r\n")
            await writer.drain()

    def _keep(self, sender: bytes, recipients: list[bytes], content: bytes) -> None:
        self.count += 1
        if self.folder is None:
            return
        head = b"X-Envelope: %s %s\r\n" % (sender, b",".join(recipients))
        name = f"{time.time_ns()}-{self.count:06d}.eml"
        (self.folder / name).write_bytes(head + content)
        for old in sorted(self.folder.glob("*.eml"))[:-KEPT_MAX]:
            old.unlink()


async def _content(reader: asyncio.StreamReader) -> bytes:
    """The mail up to the lone dot, its doubled dots single again."""
    lines: list[bytes] = []
    while (line := await reader.readline()) != b".\r\n":
        if not line:
            raise asyncio.IncompleteReadError(b"", None)
        lines.append(line[1:] if line.startswith(b"..") else line)
    return b"".join(lines)
