"""A start of PostgreSQL gets past what an earlier one left behind."""

import os
import socket
import stat
import subprocess
import sys

import psutil
import pytest

import sql
from scripts.sentence import CannotGoOn
from scripts.servers.place import make_place
from scripts.servers.postgres import Postgres
from scripts.servers.urls import url_for


def answers(server: Postgres) -> bool:
    with sql.connect(server.admin_url) as connection:
        return connection.execute("select 1").fetchone()[0] == 1


def pid_file(server: Postgres):
    return server.folder / "postmaster.pid"


def main_process(server: Postgres) -> psutil.Process:
    return psutil.Process(int(pid_file(server).read_text().split()[0]))


def test_a_pid_file_of_another_living_program_is_no_obstacle(postgres):
    postgres.start()
    lines = pid_file(postgres).read_text().splitlines()
    postgres.stop()
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        pid_file(postgres).write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        postgres.start()
        assert answers(postgres)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_zombie_in_the_pid_file_is_no_obstacle(postgres):
    postgres.start()
    lines = pid_file(postgres).read_text().splitlines()
    postgres.stop()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    while psutil.Process(dead.pid).status() != psutil.STATUS_ZOMBIE:
        pass
    try:
        pid_file(postgres).write_text("\n".join([str(dead.pid), *lines[1:]]) + "\n")
        assert not postgres.running()
        postgres.start()
        assert answers(postgres)
    finally:
        dead.wait()


@pytest.mark.parametrize("left", [b"", b"12", b"\xff\xfe\x00", b"1\n/nowhere\n"])
def test_a_torn_pid_file_is_no_obstacle(postgres, left):
    pid_file(postgres).write_bytes(left)
    postgres.start()
    assert answers(postgres)


def test_a_torn_pid_file_beside_a_living_server_ends_in_one_server(postgres):
    postgres.start()
    first = main_process(postgres)
    pid_file(postgres).write_bytes(b"")
    postgres.start()
    assert answers(postgres)
    assert not first.is_running() or first.status() == psutil.STATUS_ZOMBIE


def test_a_killed_server_comes_back_with_what_was_committed(postgres):
    postgres.start()
    with sql.connect(postgres.admin_url) as connection:
        connection.execute("create table if not exists kept (n int)")
        connection.execute("insert into kept values (7)")
    main_process(postgres).kill()
    postgres.start()
    with sql.connect(postgres.admin_url) as connection:
        assert connection.execute("select n from kept").fetchone() == (7,)
        connection.execute("drop table kept")


def test_a_second_start_joins_the_running_server(postgres):
    postgres.start()
    second = Postgres(postgres.place.data, fsync=False)
    second.start()
    assert second.port == postgres.port
    assert main_process(second).pid == main_process(postgres).pid


def test_the_port_is_kept_and_another_is_taken_when_somebody_sits_on_it(postgres):
    postgres.start()
    first = postgres.port
    postgres.stop()
    postgres.start()
    assert postgres.port == first
    postgres.stop()
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", first))
        squatter.listen()
        postgres.start()
        assert postgres.port != first
        assert answers(postgres)


def test_a_port_that_was_asked_for_and_is_taken_is_a_sentence(cluster):
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        taken = squatter.getsockname()[1]
        server = Postgres(cluster, port=taken, fsync=False)
        with pytest.raises(CannotGoOn, match=rf"Port {taken} is used by another program"):
            server.start()


def test_nobody_enters_without_the_password_nor_by_a_socket_file(postgres):
    postgres.start()
    wrong = url_for(postgres.admin_url, "daicho_super", "wrong", "postgres")
    with pytest.raises(sql.errors.DatabaseUnavailable):
        sql.connect(wrong)
    with sql.connect(postgres.admin_url) as connection:
        (row,) = connection.execute(
            "select current_setting('unix_socket_directories') as sockets,"
            " current_setting('listen_addresses') as addresses,"
            " current_setting('data_checksums') as checksums"
        ).fetchall()
    assert row == ("", "127.0.0.1", "on")


def test_the_server_never_runs_as_root(postgres):
    postgres.start()
    process = main_process(postgres)
    assert process.uids().real != 0
    assert process.uids().effective == (psutil.Process().uids().real or process.uids().effective)
    mode = stat.S_IMODE(postgres.folder.stat().st_mode)
    assert mode == 0o700
    assert stat.S_IMODE((postgres.place.data / "secrets.json").stat().st_mode) == 0o600


def test_an_initdb_that_was_cut_off_is_made_anew(open_folder):
    half = open_folder / "data" / "postgres.half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    (open_folder / "data").chmod(0o711)
    server = Postgres(open_folder / "data", fsync=False)
    try:
        server.start()
        assert answers(server)
        assert not half.exists()
        assert not list(server.place.data.glob("*.password"))
    finally:
        server.stop()


def test_data_of_another_major_version_is_a_sentence(open_folder):
    folder = make_place(open_folder / "data").postgres
    (folder / "PG_VERSION").write_text("15\n")
    with pytest.raises(CannotGoOn, match="written by PostgreSQL 15"):
        Postgres(open_folder / "data", fsync=False).start()


def test_a_setting_of_the_owner_wins(postgres):
    conf = postgres.folder / "postgresql.conf"
    before = conf.read_text()
    conf.write_text(before + "\nwork_mem = '3MB'\n")
    try:
        postgres.start()
        with sql.connect(postgres.admin_url) as connection:
            assert connection.execute("show work_mem").fetchone() == ("3MB",)
    finally:
        conf.write_text(before)


def test_the_log_keeps_no_values_of_rows(postgres):
    postgres.start()
    with sql.connect(postgres.admin_url) as connection:
        connection.execute("create temporary table person (name text primary key)")
        connection.execute("insert into person values (%s)", ["山田花子"])
        with pytest.raises(Exception, match="unique"):
            connection.execute("insert into person values (%s)", ["山田花子"])
        with pytest.raises(Exception, match="does not exist"):
            connection.execute("select '山田花子', nothing from nowhere")
    assert "山田花子" not in postgres.log.read_text("utf-8")


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a folder closed to the servers' user")
def test_a_folder_closed_to_the_servers_user_is_a_sentence(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(CannotGoOn, match="cannot enter"):
        make_place(closed / "data")
    assert list(closed.iterdir()) == []
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_a_stop_twice_is_a_stop(postgres):
    postgres.start()
    process = main_process(postgres)
    postgres.stop()
    postgres.stop()
    assert not postgres.running()
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_stop_ends_open_connections(postgres):
    postgres.start()
    with sql.connect(postgres.admin_url) as connection:
        postgres.stop()
        with pytest.raises(Exception, match=r"terminat|closed"):
            connection.execute("select 1")


def test_ctrl_c_of_a_terminal_does_not_reach_the_server(postgres):
    postgres.start()
    assert os.getpgid(main_process(postgres).pid) != os.getpgid(0)
