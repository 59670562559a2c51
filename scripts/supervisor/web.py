"""The web process: waitress serving wsgi.app on this machine."""

import signal
import sys
from types import FrameType

import waitress

from config import Settings
from scripts.servers.ports import HOST

THREADS = 8
BODY_MAX_BYTES = 256 * 1024 * 1024


def main() -> int:
    settings = Settings.from_environment("web_database_url", "session_key")
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    from wsgi import app  # noqa: PLC0415 - built in this process, after the settings are known good

    waitress.serve(
        app,
        host=HOST,
        port=settings.port,
        threads=THREADS,
        max_request_body_size=BODY_MAX_BYTES,
        ident=None,
    )
    return 0


def _end(_number: int, _frame: FrameType | None) -> None:
    """Let waitress finish the requests it has."""
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
