"""Data folders that the servers' user can reach, and servers in them."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.servers.postgres import Postgres
from scripts.servers.valkey import Valkey


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that an unprivileged user may pass through; pytest's own is closed when we are root."""
    folder = Path(tempfile.mkdtemp(prefix="daicho-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def module_folder() -> Iterator[Path]:
    """The same, for all tests of a module."""
    folder = Path(tempfile.mkdtemp(prefix="daicho-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def cluster(module_folder: Path) -> Path:
    """A data folder with a PostgreSQL cluster that was once started and stopped."""
    server = Postgres(module_folder / "data", fsync=False)
    server.start()
    server.stop()
    return module_folder / "data"


@pytest.fixture
def postgres(cluster: Path) -> Iterator[Postgres]:
    """The cluster's server, not started; stopped afterwards, whatever the test did."""
    server = Postgres(cluster, fsync=False)
    yield server
    server.stop()
    (cluster / "postgres" / "postmaster.pid").unlink(missing_ok=True)


@pytest.fixture
def valkey(open_folder: Path) -> Iterator[Valkey]:
    server = Valkey(open_folder / "data")
    yield server
    server.stop()
