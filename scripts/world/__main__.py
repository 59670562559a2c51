"""Run the simulated malls until told to stop."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from config import Settings
from scripts.sentence import CannotGoOn, guarded, say
from scripts.world.journal import JournalInUse
from scripts.world.ports import POST, kept_ports
from scripts.world.post import PostOffice
from scripts.world.server import HOST
from scripts.world.world import MallSpec, World


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.world",
        description="練習用モールを動かします。 | Run the simulated malls.",
    )
    for name, label in (("hinode", "日の出市場 | Hinode"), ("minato", "みなとマーケット | Minato")):
        parser.add_argument(f"--{name}-port", type=int, default=0, metavar="PORT", help=label)
    parser.add_argument("--seed", type=int, default=1, help="客の乱数 | seed of the customers")
    parser.add_argument(
        "--speed",
        type=float,
        default=1.0,
        help="客の時間の速さ | how fast the customers' time runs",
    )
    parser.add_argument(
        "--per-minute",
        type=float,
        default=4.0,
        help="モールごとの毎分の注文数、0で来客なし | orders a minute at each mall; 0 for none",
    )
    parser.add_argument(
        "--opening",
        type=int,
        default=30,
        help="開店時にモールごとに来る客の数 | customers at each mall when it opens",
    )
    parser.add_argument(
        "--minato-webhook",
        default=None,
        metavar="URL",
        help="通知の送り先、空でなし(既定は画面の受け口) | where Minato calls, empty for nowhere (default our door)",
    )
    parser.add_argument(
        "--data", type=Path, default=None, metavar="DIR", help="データフォルダー | data folder"
    )
    return parser.parse_args(arguments)


def _open(malls: Sequence[MallSpec], *, seed: int, speed: float, data: Path) -> World:
    try:
        return World(malls, seed=seed, speed=speed, data=data)
    except JournalInUse as error:
        raise CannotGoOn(
            f"練習用モールはもう動いています({data})。先のものを止めてください。",
            f"The simulated malls of {data} are running already: stop those first.",
        ) from error


def main() -> int:
    """Open the malls, let customers in, and wait for SIGTERM or Ctrl-C."""
    options = parse()
    settings = Settings.from_environment()
    data: Path = options.data or settings.data
    webhook: str | None = options.minato_webhook
    if webhook is None:
        webhook = f"http://{HOST}:{settings.port}/in/minato-1"
    ports = kept_ports(data)
    world = _open(
        (
            MallSpec(
                channel_code="hinode",
                name="hinode-1",
                port=options.hinode_port or ports["hinode-1"],
            ),
            MallSpec(
                channel_code="minato",
                name="minato-1",
                port=options.minato_port or ports["minato-1"],
                webhook=webhook,
            ),
        ),
        seed=options.seed,
        speed=options.speed,
        data=data,
    )
    post = PostOffice(port=ports[POST], folder=data / "world" / "mail")
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        post.start()
        world.start()
    except OSError as error:
        if post.is_open:
            post.stop()
        world.stop()
        raise CannotGoOn(
            f"練習用モールのポートが使用中です({error.strerror})。"
            f"{data / 'world' / 'ports.json'} を消すか、使っているプログラムを止めてください。",
            f"A port of the simulated malls is in use ({error.strerror}): stop the program that "
            f"holds it, or remove {data / 'world' / 'ports.json'} and set the shops' addresses.",
        ) from error
    for name, url in world.urls.items():
        say(f"{name} は {url} にあります。", f"{name} is at {url}")
    for mall in world.malls.values():
        if options.per_minute > 0:
            mall.visits.start(per_minute=options.per_minute, opening=options.opening)
    say(
        f"お客様の郵便局は {HOST}:{post.port} にあります。届いたメールは {post.folder} に。",
        f"The buyers' post office is at {HOST}:{post.port}; what it is given lies in {post.folder}",
    )
    ended.wait()
    world.stop()
    post.stop()
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
