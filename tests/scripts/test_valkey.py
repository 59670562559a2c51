"""Valkey answers to its password alone and keeps what it was told."""

import socket

import psutil
import pytest
import redis

from scripts.servers.valkey import Valkey


def client(server: Valkey) -> redis.Redis:
    return redis.Redis.from_url(server.url, decode_responses=True)


def test_what_was_kept_is_there_after_a_restart(valkey):
    valkey.start()
    with client(valkey) as connection:
        connection.set("kept", "yes")
    valkey.stop()
    assert not valkey.running()
    valkey.start()
    with client(valkey) as connection:
        assert connection.get("kept") == "yes"


def test_nobody_enters_without_the_password(valkey):
    valkey.start()
    with (
        redis.Redis(host="127.0.0.1", port=valkey.port) as connection,
        pytest.raises(redis.AuthenticationError),
    ):
        connection.ping()


def test_a_killed_server_comes_back(valkey):
    valkey.start()
    with client(valkey) as connection:
        pid = connection.info("server")["process_id"]
        connection.set("kept", "yes")
        # everysec: what is older than a second is on the disk
        connection.execute_command("WAITAOF", 1, 0, 3000)
    psutil.Process(pid).kill()
    valkey.start()
    with client(valkey) as connection:
        assert connection.get("kept") == "yes"


def test_a_second_start_joins_the_running_server(valkey):
    valkey.start()
    second = Valkey(valkey.place.data)
    second.start()
    assert second.port == valkey.port


def test_another_port_is_taken_when_somebody_sits_on_it(valkey):
    valkey.start()
    first = valkey.port
    valkey.stop()
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", first))
        squatter.listen()
        valkey.start()
        assert valkey.port != first
        assert valkey.running()


def test_the_server_never_runs_as_root(valkey):
    valkey.start()
    with client(valkey) as connection:
        pid = connection.info("server")["process_id"]
    assert psutil.Process(pid).uids().real != 0
