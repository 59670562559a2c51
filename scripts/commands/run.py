"""Start Daicho and keep it running."""

import argparse
import fcntl
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TextIO

import sql
from config import Settings
from scripts.demo import fill, write_channels
from scripts.sentence import CannotGoOn, guarded, say
from scripts.servers.child import tail
from scripts.servers.mark import bears_mark, write_mark
from scripts.servers.place import Place, is_new, make_place
from scripts.servers.ports import HOST, free_port, is_free
from scripts.servers.state import State, refuse_if_gone
from scripts.servers.together import DATABASE, Servers, given_data, servers
from scripts.supervisor.logs import rotate
from scripts.supervisor.parts import WORLD, parts
from scripts.supervisor.proof import DEMO_PROOFS, PROOFS, NoAnswer, web_answers
from scripts.supervisor.supervise import Supervisor, stop_orphans
from scripts.world.ports import POST, kept_ports
from sql.load import load
from sync.file_import import write_maps

SYSTEM_ACCOUNT = 1
TEND_S = 0.25
MEND_S = 2.0
ROTATE_S = 30.0


class Stopped(BaseException):
    """Ctrl-C or SIGTERM: stop in order."""


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/run",
        description="Daicho を起動します。 | Start Daicho. Ctrl-C stops it and keeps the data.",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="データフォルダー（既定は .daicho） | data folder (default .daicho in the project)",
    )
    parser.add_argument(
        "--port", type=int, help="画面のポート（既定 8000） | port of the web pages (default 8000)"
    )
    parser.add_argument(
        "--empty", action="store_true", help="デモを入れない | no demo in a new database"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="起動し、全体の応答を確かめて止める | start, prove that every part answers, stop",
    )
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> int:
    given = Settings.from_environment()
    port = options.port or given.port
    if not 1 <= port <= 65535:
        raise CannotGoOn(
            f"ポート {port} は使えません。1 から 65535 で指定してください。",
            f"There is no port {port}: name one from 1 to 65535.",
        )
    place = make_place(options.data or given_data(given))
    with _only_run(place) as note:
        left = stop_orphans(place)
        if left:
            say(
                f"前回の残り（{', '.join(left)}）を止めました。",
                f"Stopped what an earlier start left behind ({', '.join(left)}).",
            )
        if not is_free(port):
            if not options.check:
                raise CannotGoOn(
                    f"ポート {port} は別のプログラムが使用中です。--port で別の番号を指定してください。",
                    f"Port {port} is used by another program: name another one with --port.",
                )
            port = free_port()
        note.write(f"http://{HOST}:{port}/\n")
        note.flush()
        rotate(place.log)
        state = State(place)
        if not state.known and not given.database_url and is_new(place):
            # Noted before anything is made: a first start that was cut off is finished by the next
            state.note(demo="empty" if options.empty else "wanted", owner="wanted")
        with servers(place.data, given=replace(given, port=port)) as up:
            return _with_servers(up, state, options)


def _with_servers(up: Servers, state: State, options: argparse.Namespace) -> int:
    settings = up.settings
    refuse_if_gone(up.place, up.admin_url, DATABASE)
    report = load(up.admin_url, passwords=up.passwords, prefix=settings.role_prefix)
    if report.created and not state.known:
        state.note(demo="empty" if options.empty else "wanted", owner="wanted")
    with sql.connect(settings.worker_database_url, account_id=SYSTEM_ACCOUNT) as connection:
        _hold_copy(up, connection)
        write_channels(connection)
        write_maps(connection)
    if not options.empty:
        _fill_demo(state, settings)
    login = _make_owner(state, settings)
    supervisor = Supervisor(up.place, settings, parts(demo=state.get("demo") == "filled"))
    try:
        supervisor.start()
        if options.check:
            return _prove(supervisor, settings, login)
        _wait_for_page(supervisor, settings)
        _tell(settings, login)
        _tend(up, supervisor)
    finally:
        supervisor.stop()
    return 0


def _hold_copy(up: Servers, connection: sql.Connection) -> None:
    """Hold everything back in a folder that was copied: the original may be at work elsewhere."""
    if up.postgres is None or bears_mark(up.place):
        return
    if sql.rows(connection, "outgoing_on"):
        sql.call(connection, "transit.outgoing_hold")
        say(
            "このデータフォルダーは写しか、別の場所へ移したものです。元のフォルダーと二重に送らないよう、外への送信（在庫・出荷など）"
            "をすべて止めました。元のフォルダーが動いていないことを確かめてから、画面の「送信スイッチ」で一つずつ再開してください。",
            "This data folder is a copy, or was moved to another disk or machine. So that nothing is "
            "sent twice, everything outgoing (stock, shipments …) is held now: make sure that the "
            "folder it came from is not at work, then turn each on under Outgoing in the screens.",
        )
    write_mark(up.place)


def _fill_demo(state: State, settings: Settings) -> None:
    """Fill a new database once, also when an earlier start was cut off on the way."""
    if state.get("demo") != "wanted":
        return
    with sql.connect(settings.database_url) as connection:
        # A filling is one transaction: with a shop it was done, and only not noted any more
        is_filled = connection.execute("select from channel.shop limit 1").fetchone() is not None
    if not is_filled:
        say("デモの店を作っています…", "Filling the demo shop …")
        fill(settings, post_port=kept_ports(settings.data)[POST])
    state.note(demo="filled")


def _make_owner(state: State, settings: Settings) -> tuple[str, str] | None:
    """Make the owner's account once; its password is shown and nowhere kept."""
    if state.get("owner") == "made":
        return None
    from app.people import owner_make  # noqa: PLC0415 - the admin is heavy, and needed once

    login = owner_make(settings)
    state.note(owner="made")
    return login


def _wait_for_page(supervisor: Supervisor, settings: Settings) -> None:
    try:
        web_answers(settings)
    except NoAnswer as failure:
        raise _failed(supervisor, "web", ("web",), failure) from failure


def _tell(settings: Settings, login: tuple[str, str] | None) -> None:
    say(
        f"Daicho が動いています: http://{HOST}:{settings.port}/ （Ctrl-C で停止、データは残ります）",
        f"Daicho is running: http://{HOST}:{settings.port}/ (Ctrl-C stops it and keeps the data)",
    )
    _tell_login(login)


def _tell_login(login: tuple[str, str] | None) -> None:
    if login is not None:
        say(
            f"オーナーのログイン: {login[0]} パスワード: {login[1]} （一度だけ表示します）",
            f"The owner's login: {login[0]} password: {login[1]} (shown this once)",
        )


def _tend(up: Servers, supervisor: Supervisor) -> None:
    mend_at = rotate_at = time.monotonic()
    while True:
        time.sleep(TEND_S)
        now = time.monotonic()
        if now >= mend_at:
            mend_at = now + MEND_S
            for name in up.mend():
                say(f"{name} を再起動しました。", f"{name} had died and was started again.")
        supervisor.tend()
        if now >= rotate_at:
            rotate_at = now + ROTATE_S
            rotate(up.place.log)


def _prove(supervisor: Supervisor, settings: Settings, login: tuple[str, str] | None) -> int:
    _tell_login(login)
    demo = any(child.part is WORLD for child in supervisor.children)
    for proof in DEMO_PROOFS if demo else PROOFS:
        began = time.monotonic()
        try:
            proof.ask(settings)
        except NoAnswer as failure:
            raise _failed(supervisor, proof.name, proof.logs, failure) from failure
        say(
            f"{proof.name}: 応答しました（{time.monotonic() - began:.1f} 秒）",
            f"{proof.name}: answers",
        )
    supervisor.tend()
    for child in supervisor.children:
        if child.process is None:
            raise _failed(supervisor, child.part.name, (child.part.name,), NoAnswer("ended"))
        say(f"{child.part.name}: 動いています", f"{child.part.name}: runs")
    say("すべて応答しました。停止します。", "Every part answers. Stopping.")
    return 0


def _failed(
    supervisor: Supervisor, name: str, logs: tuple[str, ...], failure: NoAnswer
) -> CannotGoOn:
    folder = supervisor.place.log
    lines = [line for log in logs for line in (f"{log}.log:", *tail(folder / f"{log}.log"))]
    return CannotGoOn(
        f"{name} が応答しません（{failure}）。上の行と {folder} を見てください。",
        f"{name} does not answer ({failure}): see above, and {folder}.",
        lines=lines,
    )


@contextmanager
def _only_run(place: Place) -> Iterator[TextIO]:
    """Let one `run` at a time have a data folder; another is told where the first one answers."""
    path = place.run / "run.lock"
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            where = lock.read().strip()
            raise CannotGoOn(
                f"このデータ（{place.data}）の Daicho はすでに動いています（{where}）。"
                "止めてからもう一度実行するか、--data で別のフォルダーを指定してください。",
                f"Daicho already runs on this data ({place.data}, {where}): stop it first, or name "
                "another folder with --data.",
            ) from error
        lock.truncate(0)
        yield lock


def _stop(_number: int, _frame: FrameType | None) -> None:
    # A second signal must not cut the stopping off
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise Stopped


def main() -> int:
    options = parse()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGHUP, _stop)
    try:
        return guarded(lambda: run(options))
    except Stopped:
        say("止まりました。データは残っています。", "Stopped; the data is kept.")
        return 0


if __name__ == "__main__":
    sys.exit(main())
