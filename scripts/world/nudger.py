"""Sends a mall's webhooks without holding the mall up. What cannot be delivered is dropped: they only say "look"."""

from __future__ import annotations

import queue
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Final

WAITING_MAX: Final = 1000
TIMEOUT_S: Final = 2.0


class Nudger:
    """Delivers webhooks of one mall to one address, in order."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: queue.Queue[tuple[Mapping[str, str], bytes] | None] = queue.Queue(
            WAITING_MAX
        )
        self.delivered = 0
        self.dropped = 0
        self._thread = threading.Thread(target=self._deliver, daemon=True)
        self._thread.start()

    def __call__(self, headers: Mapping[str, str], body: bytes) -> None:
        """Take one webhook; called under the mall's lock, so it never waits."""
        try:
            self._waiting.put_nowait((headers, body))
        except queue.Full:
            self.dropped += 1

    def stop(self) -> None:
        """Send what waits for a little while longer, then end."""
        self._waiting.put(None)
        self._thread.join(timeout=TIMEOUT_S)

    def _deliver(self) -> None:
        while (told := self._waiting.get()) is not None:
            headers, body = told
            request = urllib.request.Request(  # noqa: S310  # an address that the operator gave
                self._url, data=body, headers=dict(headers), method="POST"
            )
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310  # as above
                    self.delivered += 1
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                self.dropped += 1
