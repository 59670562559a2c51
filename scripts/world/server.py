"""The HTTP server of one simulated mall: HTTP/1.1 on 127.0.0.1, faults before, admin path beside."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from scripts.world.faults import FaultBox, Verdict
from sync.simulated.wsgi import REQUEST_MAX, Environ, StartResponse

HOST: Final = "127.0.0.1"
ADMIN: Final = "/_world/"
IDLE_S: Final = 60

Request = socket.socket | tuple[bytes, socket.socket]
App = Callable[[Environ, StartResponse], Iterable[bytes]]
Admin = Callable[[str, str, Mapping[str, Any]], tuple[int, object]]
Seen = Callable[[str, str, int, float], None]


class MallServer:
    """Serves one WSGI program; may be stopped and started again on the same port."""

    def __init__(self, app: App, *, port: int, faults: FaultBox, admin: Admin, seen: Seen) -> None:
        self.app = app
        self.faults = faults
        self.admin = admin
        self.seen = seen
        self.port = port
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """Where the mall is."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Listen. Port 0 takes a free one and keeps it."""
        server = _Server((HOST, self.port), _Handler)
        server.mall = self
        self.port = server.server_address[1]
        self._server = server
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening and end the connections that are open."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
            server.end_connections()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    mall: MallServer

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[Request] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, handler)

    def process_request(self, request: Request, client_address: object) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Request) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """Break every open connection, as a stopped mall would."""
        with self._open_lock:
            for held in self._open:
                if not isinstance(held, socket.socket):
                    continue
                try:
                    held.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def handle_error(self, request: Request, client_address: object) -> None:
        """Say nothing about a client that went away; it is part of the exercise."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "mall"
    sys_version = ""
    timeout = IDLE_S
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]  # the only server it has

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Stay silent: bodies and paths of malls are not for the terminal."""

    def _serve(self) -> None:
        started = time.monotonic()
        mall = self.server.mall
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isascii() and length.isdigit() else REQUEST_MAX + 1
        if size > REQUEST_MAX:
            self.close_connection = True
            self._send(413, [], b"{}")
            return
        body = self.rfile.read(size)
        path, _, query = self.path.partition("?")
        if path.startswith(ADMIN):
            status, answer = self._admin(path, body)
            text = json.dumps(answer, ensure_ascii=False, default=str).encode()
            self._send(status, [("Content-Type", "application/json; charset=utf-8")], text)
            return
        verdict = mall.faults.judge()
        if verdict.status:
            self._send(verdict.status, list(verdict.headers), verdict.body)
            mall.seen(self.command, path, verdict.status, started)
            return
        status, headers, answer_body = self._run(path, query, body)
        mall.seen(self.command, path, status, started)
        self._send(status, headers, answer_body, verdict)

    def _admin(self, path: str, body: bytes) -> tuple[int, object]:
        try:
            wanted = json.loads(body or b"{}")
            return self.server.mall.admin(self.command, path.removeprefix(ADMIN), wanted)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return 400, {"error": f"{type(error).__name__}: {error}"}

    def _run(self, path: str, query: str, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        for name, value in self.headers.items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            told.append((status, headers))

        answer = b"".join(self.server.mall.app(environ, start_response))
        status, headers = told[0]
        kept = [(name, value) for name, value in headers if name != "Content-Length"]
        return int(status[:3]), kept, answer

    def _send(
        self,
        status: int,
        headers: list[tuple[str, str]],
        body: bytes,
        verdict: Verdict | None = None,
    ) -> None:
        if verdict is not None and verdict.is_lost:
            self.close_connection = True
            return
        self.send_response(status, HTTPStatus(status).phrase)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if verdict is not None and verdict.is_cut_off:
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)
        self.wfile.flush()
