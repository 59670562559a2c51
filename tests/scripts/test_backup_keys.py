"""The keys that encrypt are no part of a backup; without them a restore says what cannot be read."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

import sql
from config import PROJECT, Settings
from scripts.demo import write_channels
from scripts.servers.binaries import client_bin
from scripts.servers.keys import joined, keys_of
from scripts.servers.together import loaded, servers
from sync.file_import import make_shop, write_maps
from sync.vault import Vault, data_keys, known_data_keys

GIVEN = Settings.from_environment(environment={})
SECRET = "license of the shop"
BODY = b"what the shop sent"
MISSING = "Keys are missing"
OF_NOBODY = base64.urlsafe_b64encode(b"nobody" * 5 + b"'s").decode()


def command(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"scripts.commands.{name}", *map(str, arguments)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def data(module_folder) -> Path:
    """A folder with one shop's credential, and the key of one order whose body is kept beside it."""
    with loaded(module_folder / "data") as up:
        vault = Vault(up.settings.secret_keys)
        with sql.connect(up.settings.worker_database_url, account_id=1) as worker:
            write_channels(worker)
            write_maps(worker)
            shop = make_shop(worker, "files-1", "next_engine_38")
            sealed = vault.seal_secret(shop.shop_id, "license_key", SECRET)
            sql.rows(
                worker,
                "shop_secret_write",
                shop_id=shop.shop_id,
                name="license_key",
                ciphertext=sealed,
            )
            keys = data_keys(worker, vault, shop.shop_id, ["A-1"])
        (module_folder / "body").write_bytes(keys.seal("A-1", "body", BODY))
    return module_folder / "data"


@pytest.fixture(scope="module")
def backup(data, module_folder) -> Path:
    done = command("backup", "--data", data, module_folder / "kept" / "shop.dump")
    assert done.returncode == 0, done.stderr
    assert "The file holds no keys" in done.stdout
    assert str(data / "secrets.json") in done.stdout
    return module_folder / "kept" / "shop.dump"


@pytest.fixture(scope="module")
def elsewhere(module_folder) -> Path:
    """Another machine's folder, with keys of its own."""
    with loaded(module_folder / "elsewhere"):
        pass
    return module_folder / "elsewhere"


def read(data: Path, body: Path) -> tuple[str, bytes | None]:
    """The credential and the body, as the folder's keys read them."""
    with servers(data, given=GIVEN) as up:
        vault = Vault(up.settings.secret_keys)
        with sql.connect(up.settings.worker_database_url, account_id=1) as worker:
            (row,) = worker.execute("select shop_id, ciphertext from channel.shop_secret")
            (key_id,) = worker.execute("select data_key_id from transit.data_key").fetchone()
            keys = known_data_keys(worker, vault, row.shop_id, [key_id])
            return (
                vault.open_secret(row.shop_id, "license_key", row.ciphertext),
                keys.open(key_id, "body", body.read_bytes()),
            )


def test_the_backup_holds_no_key(data, backup, module_folder):
    text = module_folder / "shop.sql"
    subprocess.run([client_bin() / "pg_restore", "-f", text, backup], check=True)
    held = text.read_text("utf-8")
    assert "shop_secret" in held
    keys = keys_of(data)
    for secret in (*keys.secret_keys, keys.session_key, keys.admin, keys.worker, SECRET):
        assert secret not in held


def test_a_copy_of_the_keys_goes_where_one_says(data, tmp_path):
    kept = tmp_path / "safe" / "keys.json"
    done = command("backup", "--data", data, "--with-keys", kept, tmp_path / "shop.dump")
    assert done.returncode == 0, done.stderr
    assert "whoever has them and a backup reads everything" in done.stdout
    assert "take them to another place" not in done.stdout
    assert kept.stat().st_mode & 0o077 == 0
    assert json.loads(kept.read_text()) == {"secret_keys": list(keys_of(data).secret_keys)}


def test_keys_beside_the_backup_are_not_left_without_a_word(data, tmp_path):
    done = command(
        "backup", "--data", data, "--with-keys", tmp_path / "keys.json", tmp_path / "shop.dump"
    )
    assert done.returncode == 0, done.stderr
    assert "take them to another place" in done.stdout


@pytest.mark.parametrize(
    ("name", "english"), [("shop.dump", "cannot be one file"), ("there", "is there already")]
)
def test_keys_write_over_nothing(data, tmp_path, name, english):
    (tmp_path / "there").write_text("precious")
    done = command("backup", "--data", data, "--with-keys", tmp_path / name, tmp_path / "shop.dump")
    assert done.returncode == 1
    assert english in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there"]
    assert (tmp_path / "there").read_text() == "precious"


def test_a_restore_without_the_keys_says_what_cannot_be_read(elsewhere, backup, data):
    done = command("restore", "--data", elsewhere, backup)
    assert done.returncode == 0, done.stderr
    assert MISSING in done.stdout
    assert "raw messages of 1 orders and 1 credentials" in done.stdout
    assert "restore once more with --keys FILE" in done.stdout
    # with other keys it is said again, in other words; with the right ones all can be read
    strange = elsewhere / "strange.json"
    strange.write_text(json.dumps({"secret_keys": [OF_NOBODY]}))
    done = command("restore", "--data", elsewhere, "--keys", strange, backup)
    assert MISSING in done.stdout
    assert "holds other keys" in done.stdout
    own = keys_of(elsewhere)
    done = command("restore", "--data", elsewhere, "--keys", data / "secrets.json", backup)
    assert done.returncode == 0, done.stderr
    assert MISSING not in done.stdout
    assert read(elsewhere, backup.parents[1] / "body") == (SECRET, BODY)
    now = keys_of(elsewhere)
    # what is written from now on is under the folder's own key; buyers are found by the backup's
    assert now.secret_keys == (*own.secret_keys, *keys_of(data).secret_keys)
    assert (now.admin, now.session_key) == (own.admin, own.session_key)


def test_a_restore_at_home_says_nothing_of_keys(data, backup):
    done = command("restore", "--data", data, backup)
    assert done.returncode == 0, done.stderr
    assert MISSING not in done.stdout
    assert read(data, backup.parents[1] / "body") == (SECRET, BODY)


@pytest.mark.parametrize(
    ("text", "into", "english"),
    [
        ("{}", "daicho", "is no file of keys"),
        ("", "daicho", "is no file of keys"),
        ('{"secret_keys": ["short"]}', "daicho", "is no file of keys"),
        (f'{{"secret_keys": ["{OF_NOBODY}"]}}', "other", "is for restoring into"),
    ],
)
def test_wrong_keys_are_a_sentence(backup, tmp_path, text, into, english):
    data = backup.parents[1] / "data"
    (tmp_path / "keys.json").write_text(text)
    before = keys_of(data)
    done = command(
        "restore", "--data", data, "--keys", tmp_path / "keys.json", "--into", into, backup
    )
    assert done.returncode == 1
    assert english in done.stderr
    assert "Traceback" not in done.stderr
    assert keys_of(data) == before


def test_keys_of_a_backup_go_behind_our_own():
    assert joined(("a", "b"), ("c", "d")) == ("a", "b", "c", "d")
    assert joined(("a", "b"), ("b",)) == ("a", "b")
    assert joined(("a", "b"), ("a", "c")) == ("a", "b", "c")
    assert joined(("a", "b"), ("b", "a")) == ("b", "a")
