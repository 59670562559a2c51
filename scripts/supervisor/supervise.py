"""Start the processes, bring back one that dies, stop them in order."""

import os
import signal
import subprocess
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from config import Settings
from scripts.sentence import CannotGoOn, say
from scripts.servers.child import tail
from scripts.servers.place import Place
from scripts.servers.processes import Known, is_alive, know, recall, remember, wait_gone
from scripts.supervisor.parts import Part, environment_for, log_file

STOP_S = 10.0
KILL_S = 5.0
DEATHS_MAX = 5
DEATHS_WITHIN_S = 60.0
BACKOFF_FIRST_S = 0.5
# A worker ends by itself after a number of jobs; one that ends sooner than this has failed
LIFE_MIN_S = 2.0


@dataclass(slots=True, kw_only=True)
class Child:
    """A process that should run, and how it fared."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    known: Known | None = None
    started: float = 0.0
    start_at: float = 0.0
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS_MAX))


class Supervisor:
    """The processes of one data folder."""

    def __init__(self, place: Place, settings: Settings, parts: tuple[Part, ...]) -> None:
        self.place = place
        self.settings = settings
        self.children = [Child(part=part) for part in parts]

    def start(self) -> None:
        """Start every process."""
        for child in self.children:
            self._start(child)

    def tend(self) -> None:
        """Bring back what died; CannotGoOn when a process dies again and again."""
        now = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now >= child.start_at:
                    self._start(child)
                continue
            code = child.process.poll()
            if code is not None:
                self._note_end(child, code, now)

    def stop(self) -> None:
        """Ask each process to end, the last started first; end those that do not."""
        for child in reversed(self.children):
            process = child.process
            if process is None:
                continue
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(STOP_S)
                except subprocess.TimeoutExpired:
                    say(
                        f"{child.part.name} が {STOP_S:.0f} 秒で止まらないため、強制終了します。",
                        f"{child.part.name} did not stop within {STOP_S:.0f} s and is ended.",
                    )
                    _kill_group(process.pid)
                    process.wait(KILL_S)
            child.process = None
            child.known = None
            self._remember()

    def log_of(self, part: Part) -> Path:
        return Path(log_file(part, self.place))

    def _start(self, child: Child) -> None:
        part = child.part
        with self.log_of(part).open("ab") as output:
            child.process = subprocess.Popen(
                part.command,
                env=environment_for(part, self.settings),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches us alone: we stop the rest in order
                start_new_session=True,
            )
        child.started = time.monotonic()
        child.known = know(part.name, child.process.pid)
        self._remember()

    def _note_end(self, child: Child, code: int, now: float) -> None:
        child.process = None
        child.known = None
        if code == 0 and now - child.started > LIFE_MIN_S:
            child.start_at = now
            return
        child.deaths.append(now)
        if len(child.deaths) == DEATHS_MAX and now - child.deaths[0] < DEATHS_WITHIN_S:
            log = self.log_of(child.part)
            raise CannotGoOn(
                f"{child.part.name} が 1 分間に {DEATHS_MAX} 回落ちたため、全体を止めます。上の行と {log} を見て"
                "ください。",
                f"{child.part.name} died {DEATHS_MAX} times within a minute, so everything stops: see "
                f"above, and {log}.",
                lines=tail(log),
            )
        recent = sum(1 for death in child.deaths if now - death < DEATHS_WITHIN_S)
        child.start_at = now + BACKOFF_FIRST_S * 2 ** (recent - 1)
        say(
            f"{child.part.name} が終了しました（{_how(code)}）。{child.start_at - now:.1f} 秒後に再起動します。",
            f"{child.part.name} ended ({_how(code)}); it starts again in {child.start_at - now:.1f} s.",
        )

    def _remember(self) -> None:
        remember(record(self.place), [child.known for child in self.children if child.known])


def record(place: Place) -> Path:
    """Name the file in which the processes of a data folder are written down."""
    return place.run / "children.json"


def stop_orphans(place: Place) -> list[str]:
    """Stop the processes that a start which was killed left behind; return their names."""
    left = [known for known in recall(record(place)) if is_alive(known)]
    for known in left:
        _signal(known, signal.SIGTERM)
    for known in left:
        if not wait_gone(known, seconds=STOP_S):
            _kill_group(known.pid)
            wait_gone(known, seconds=KILL_S)
    record(place).unlink(missing_ok=True)
    return [known.name for known in left]


def _signal(known: Known, number: signal.Signals) -> None:
    try:
        psutil.Process(known.pid).send_signal(number)
    except psutil.NoSuchProcess:
        return


def _kill_group(pid: int) -> None:
    """End a process with all that it started: each of ours leads a group of its own."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _how(code: int) -> str:
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name
