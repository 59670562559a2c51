"""Ports on 127.0.0.1: chosen once, then kept while nobody else sits there."""

import socket
import time
from pathlib import Path

from scripts.sentence import CannotGoOn
from scripts.servers.place import write_whole

HOST = "127.0.0.1"
FREED_WITHIN_S = 5.0


def is_free(port: int) -> bool:
    """Tell whether a server of ours could listen on this port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # What a closed connection left behind is no obstacle
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Let the kernel choose a port that nobody uses."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def kept_port(path: Path) -> int:
    """Take the port noted in `path`, or another when it is taken, torn or missing, and note it."""
    try:
        port = int(path.read_text("utf-8"))
    except (OSError, ValueError):
        port = 0
    if not 1 <= port <= 65535 or not is_free(port):
        port = free_port()
        write_whole(path, f"{port}\n")
    return port


def need_port(port: int, *, wait_s: float = 0.0) -> int:
    """Take exactly this port; one that a server which just died held may be waited for."""
    until = time.monotonic() + wait_s
    while not is_free(port):
        if time.monotonic() > until:
            raise CannotGoOn(
                f"ポート {port} は別のプログラムが使用中です。そのプログラムを止めてから実行してください。",
                f"Port {port} is used by another program: stop that program, then run this again.",
            )
        time.sleep(0.1)
    return port
