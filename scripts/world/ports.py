"""Where the simulated malls of one data folder listen: chosen once, then kept, as shops know their addresses."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from scripts.world.server import HOST

POST: Final = "post"
PREFERRED: Final = {"hinode-1": 8101, "minato-1": 8102, POST: 8125}


def kept_ports(data: Path) -> Mapping[str, int]:
    """Return the port of each mall and of the post office, choosing those that were not chosen yet."""
    path = data / "world" / "ports.json"
    known: dict[str, int] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    missing = PREFERRED.keys() - known.keys()
    if missing:
        for name in sorted(missing):
            known[name] = PREFERRED[name] if _is_free(PREFERRED[name]) else _free_port()
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(known) + "\n", "utf-8")
        fresh.replace(path)
    return known


def world_urls(data: Path) -> Mapping[str, str]:
    """Return the address of each mall."""
    return {
        name: f"http://{HOST}:{port}" for name, port in kept_ports(data).items() if name != POST
    }


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
