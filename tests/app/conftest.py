"""One seeded database, one application on it, and somebody signed in for each role."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

import sql
from app import create_app, people
from config import Settings
from tests.app.shopfront import ROLES, SEED, Person, a_person, another_address, take_order


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest, server: Any, template: str) -> Iterator[Any]:
    """A database with a shop, 300 products and three orders; what tests add stays in it."""
    root = next(
        plugin
        for plugin in request.config.pluginmanager.get_plugins()
        if hasattr(plugin, "clone") and hasattr(plugin, "Database")
    )
    database = root.clone(server, template)
    with sql.connect(database.worker, account_id=1) as worker:
        worker.execute(SEED)
        for n in range(1, 4):
            take_order(worker, f"T-{n}", "<script>alert(1)</script>" if n == 3 else "")
    yield database
    root.drop(server, database)


@pytest.fixture(scope="session")
def settings(server: Any, house: Any) -> Settings:
    return dataclasses.replace(
        server.settings,
        database_url=house.admin,
        web_database_url=house.web,
        worker_database_url=house.worker,
        redis_url=server.settings.redis_url,
        session_key="for tests alone, forty letters long, yes",
    )


@pytest.fixture(scope="session")
def real_hash() -> Iterator[str]:
    """How passwords are kept; in tests at a fraction of its price, for there are hundreds of them."""
    real = people.HASH
    people.HASH = "scrypt:1024:8:1"
    yield real
    people.HASH = real


@pytest.fixture(scope="session")
def owner_login(settings: Settings, real_hash: str) -> tuple[str, str]:
    assert real_hash != people.HASH
    made = people.owner_make(settings)
    assert made is not None
    return made


@pytest.fixture(scope="session")
def app(settings: Settings, owner_login: tuple[str, str]) -> Iterator[Flask]:
    made = create_app(settings)
    yield made
    made.extensions["sessions"].remove()
    made.extensions["sessions"].engine.dispose()
    made.extensions["sessions"].watch.dispose()


@pytest.fixture(scope="session")
def passwords(app: Flask, owner_login: tuple[str, str]) -> dict[str, tuple[str, str]]:
    """A login and its password for each role."""
    found = {"owner": owner_login}
    with app.app_context():
        for role in ROLES[1:]:
            found[role] = a_person(app, f"the_{role}", role)
    return found


@pytest.fixture(scope="session")
def people_in() -> dict[str, Person]:
    """Who has signed in so far, by role."""
    return {}


@pytest.fixture(autouse=True)
def everybody_reads_japanese(people_in: dict[str, Person]) -> Iterator[None]:
    """Whoever read English for a test reads Japanese again for the next."""
    yield
    for person in people_in.values():
        if person.language != "ja":
            person.post("/language/ja", {"next": "/"})


@pytest.fixture(scope="session")
def signed_in(
    app: Flask, passwords: dict[str, tuple[str, str]], people_in: dict[str, Person]
) -> Callable[[str], Person]:
    """Somebody of a role, signed in once for the whole run."""
    found = people_in

    def of(role: str) -> Person:
        if role not in found:
            person = Person(app)
            assert person.sign_in(*passwords[role]).status_code == 302
            found[role] = person
        return found[role]

    return of


@pytest.fixture
def owner(signed_in: Callable[[str], Person]) -> Person:
    return signed_in("owner")


@pytest.fixture
def nobody(app: Flask) -> Person:
    return Person(app)


@pytest.fixture
def bearer(app: Flask, passwords: dict[str, tuple[str, str]]) -> Callable[[str], dict[str, str]]:
    """The header of a fresh API token of a role."""

    def of(role: str) -> dict[str, str]:
        login, password = passwords[role]
        answer = Person(app).client.post(
            "/api/v1/security/login",
            json={"username": login, "password": password, "provider": "db"},
            environ_base={"REMOTE_ADDR": another_address()},
        )
        return {"Authorization": f"Bearer {answer.get_json()['access_token']}"}

    return of


@pytest.fixture
def admin(house: Any) -> Iterator[Any]:
    """The administrator's connection to the same database; what it does stays."""
    with sql.connect(house.admin) as connection:
        yield connection


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that the application sends meanwhile."""
    sent: list[str] = []
    engine = app.extensions["sessions"].engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def first_order(house: Any) -> int:
    engine = sa.create_engine(sa.make_url(house.admin).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        found = connection.scalar(
            sa.text("select sales_order_id from sales.sales_order where external_order_no = 'T-1'")
        )
    engine.dispose()
    return int(found)
