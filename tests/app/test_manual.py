"""The manual: of all that one may see and call, in one's language, with examples that run."""

import html
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.catalog import Catalog, Rights
from app.desk.manual.howtos import FOLDER, PICTURES, howtos
from app.desk.manual.schema import example_of
from tests.app.shopfront import ROLES, Person

JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")
STATEMENTS_MAX = 12
# Headings, blocks of code, rows of tables, steps and points
SHAPES = (r"^#+ ", r"^ *```", r"^\|", r"^\d\. ", r"^- ")


class Reading:
    """Somebody who reads the manual, and what they may see."""

    def __init__(self, app: Flask, person: Person, role: str) -> None:
        generation = app.extensions["generations"].refresh()
        self.person, self.catalog = person, generation.catalog
        self.held: Rights = generation.rights(app.config["ROLE_PREFIX"] + role)


@pytest.fixture
def reading(app: Flask, signed_in: Callable[[str], Person]) -> Callable[[str], Reading]:
    return lambda role: Reading(app, signed_in(role), role)


def pages_of(held: Rights, catalog: Catalog) -> list[str]:
    return [
        *(f"/manual/{full}" for full in held.read if full in catalog.relations),
        *(f"/manual/function/{full}" for full in held.execute),
        *("/manual/", "/manual/errors", "/manual/roles", "/manual/api"),
    ]


def english(person: Person) -> None:
    assert person.post("/language/en").status_code == 302


@pytest.mark.parametrize("role", ["owner", "analyst"])
def test_every_page_opens_for_whom_it_is_and_is_refused_to_others(
    reading: Callable[[str], Reading], statements: list[str], role: str
) -> None:
    who = reading(role)
    wrong: dict[str, Any] = {}
    for address in pages_of(who.held, who.catalog):
        statements.clear()
        answer = who.person.get(address)
        raw = re.search(r"<script(?![^>]*nonce)|\sstyle=|\son[a-z]+=\"| \| ", answer.text)
        if answer.status_code != 200 or raw or len(statements) > STATEMENTS_MAX:
            wrong[address] = answer.status_code, raw, len(statements)
    for full in set(who.catalog.relations) - set(who.held.read):
        if who.person.get(f"/manual/{full}").status_code != 403:
            wrong[full] = "not refused"
    for full in set(who.catalog.functions) - who.held.execute:
        if who.person.get(f"/manual/function/{full}").status_code != 403:
            wrong[full] = "not refused"
    assert wrong == {}
    assert who.person.get("/manual/nope.nothing").status_code == 404
    assert who.person.get("/manual/function/nope.nothing").status_code == 404
    assert who.person.get("/manual/howto/nope").status_code == 404


def test_nobody_reads_it_without_signing_in(nobody: Person) -> None:
    for address in ("/manual/", "/manual/catalog.product", "/manual/errors", "/manual/api"):
        answer = nobody.get(address)
        assert answer.status_code == 302
        assert "/login/" in answer.headers["Location"]


def test_it_is_in_the_readers_language_throughout(reading: Callable[[str], Reading]) -> None:
    who = reading("manager")
    english(who.person)
    wrong: dict[str, list[str]] = {}
    for address in pages_of(who.held, who.catalog):
        if address.startswith("/manual/own."):
            continue
        page = who.person.get(address).text
        main = page[page.index("<main") : page.index("</main>")]
        # Codes that are the Japanese word itself stand as they are
        text = re.sub(r"<pre.*?</pre>|<ul class=\"choices\">.*?</ul>", "", main, flags=re.DOTALL)
        found = [one.strip() for one in re.findall(r">([^<]+)<", text) if JAPANESE.search(one)]
        if found:
            wrong[address] = found[:3]
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_every_example_runs_for_whoever_reads_it(app: Flask, house: Any, role: str) -> None:
    generation = app.extensions["generations"].refresh()
    name = app.config["ROLE_PREFIX"] + role
    held = generation.rights(name)
    engine = sa.create_engine(sa.make_url(house.admin).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        connection.execute(sa.text("select set_config('role', :name, true)"), {"name": name})
        for full, columns in held.read.items():
            relation = generation.catalog.relations[full]
            said = example_of(relation, [n for n in relation.columns if n in columns])
            assert len(connection.execute(sa.text(said)).all()) <= 10, said
    engine.dispose()


def test_a_page_says_columns_rules_rights_relatives_and_a_question(owner: Person) -> None:
    page = html.unescape(owner.get("/manual/sales.sales_order").text)
    for said in (
        'id="external_order_no"',
        "/sales/sales_order/list/",
        "/manual/channel.shop",
        "/manual/sales.sales_order_line",
        "/manual/function/sales.hold_place",
        "from sales.sales_order\nlimit 10;",
        "受注係",
        "/manual/howto/search-with-conditions",
    ):
        assert said in page, said


def test_what_may_not_be_seen_is_not_told(reading: Callable[[str], Reading]) -> None:
    who = reading("analyst")
    assert "sales.sales_order_party" not in who.held.read
    for address in (
        "/manual/",
        "/manual/roles",
        "/manual/errors",
        "/manual/api",
        "/manual/?q=party",
    ):
        assert "sales_order_party" not in who.person.get(address).text, address


@pytest.mark.parametrize(
    ("words", "leads_to"),
    [
        ("sales_order", "/manual/sales.sales_order"),
        ("受注番号", "/manual/sales.sales_order#external_order_no"),
        ("ＪＡＮ", "/manual/catalog."),
        ("hold_place", "/manual/function/sales.hold_place"),
        ("DC011", "/manual/errors#DC011"),
        ("在庫 足り", "/manual/errors#DC011"),
        ("condition_sql", "/manual/howto/search-with-conditions"),
    ],
)
def test_the_manual_is_searched(owner: Person, words: str, leads_to: str) -> None:
    answer = owner.get("/manual/", query_string={"q": words})
    assert leads_to in answer.text
    assert 'role="search"' in answer.text


@pytest.mark.parametrize(
    "words", ["zzzzzz", "\x00", "<script>alert(1)</script>", "%", "'; --", "あ" * 5000, "[", "\\"]
)
def test_a_search_finds_nothing_safely(owner: Person, words: str) -> None:
    answer = owner.get("/manual/", query_string={"q": words})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_a_search_is_quick(owner: Person) -> None:
    owner.get("/manual/?q=stock")
    begun = time.process_time()
    owner.get("/manual/?q=在庫")
    assert time.process_time() - begun < 0.5


def test_each_list_leads_to_its_page(owner: Person) -> None:
    assert 'href="/manual/catalog.product"' in owner.get("/catalog/product/list/").text
    assert 'href="/manual/catalog.product"' in owner.get("/catalog/product/add").text
    assert 'href="/manual/"' in owner.get("/").text


def test_each_how_to_says_the_same_in_both_languages(owner: Person) -> None:
    names = {path.name.split(".")[0] for path in FOLDER.glob("*.md")}
    assert names == set(howtos())
    for name, howto in howtos().items():
        said = {
            code: [len(re.findall(pattern, text, re.MULTILINE)) for pattern in SHAPES]
            for code, text in howto.texts.items()
        }
        assert said["ja"] == said["en"], name
        page = owner.get(f"/manual/howto/{name}").text
        article = page[page.index("<article") : page.index("</article>")]
        assert JAPANESE.search(article), name
        english(owner)
        page = owner.get(f"/manual/howto/{name}").text
        title = page[page.index("<h1>") : page.index("</h1>")]
        assert not JAPANESE.search(title), name
        assert owner.post("/language/ja").status_code == 302


def test_the_screens_are_in_the_manual(owner: Person) -> None:
    shown = set[str]()
    for code in ("en", "ja"):
        assert owner.post(f"/language/{code}").status_code == 302
        page = owner.get("/manual/howto/the-screens").text
        found = set(re.findall(r'(?:src|href)="(/manual/pictures/[^"]+)"', page))
        assert len(found) == 21
        shown |= found
    for address in shown:
        answer = owner.get(address)
        assert answer.status_code == 200, address
        assert answer.mimetype == "image/jpeg"
        answer.close()
    names = {path.name for path in PICTURES.iterdir()}
    assert {address.rpartition("/")[2] for address in shown} == names
    assert owner.get("/manual/pictures/../howto/the-screens.md").status_code == 404
