"""Every screen of the whole schema: it opens for the least role that may, and is refused to one that may not.

Goal: no server error, no SQL shown, no inline script or style, both languages, few statements, whatever
tables there are. Method: the live catalogue and its grants say who may; roles with fewer rights come first.
"""

import html
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask

from app.catalog import Relation, Rights
from tests.app.shopfront import ROLES, Person

STATEMENTS_MAX = 12
JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")
SQL = re.compile(r"psycopg|sqlalchemy|SELECT .* FROM|DETAIL:|Traceback", re.IGNORECASE | re.DOTALL)
# What the frame itself says, in whatever language the data is
WORDS = {
    "h2",
    "h3",
    "label",
    "th",
    "button",
    "legend",
    "summary",
    "dt",
    "option",
    "title",
    "caption",
}


class Page(HTMLParser):
    """What a strict policy would refuse, and the words of the frame."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.refused: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self._foreign = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or "style" in given or (tag == "script" and not given.get("src")):
            self.refused.append(f"<{tag} {attrs}>")
        self.refused += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.refused += [
            value
            for value in (given.get("href"), given.get("src"))
            if value and "javascript:" in value
        ]
        if tag not in ("input", "meta", "link", "br", "path", "use", "img", "hr"):
            self._open.append(tag)
        if given.get("lang") == "ja" and tag != "html":
            self._foreign += 1
        self.words += [given[n] or "" for n in ("aria-label", "placeholder") if n in given]

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
            if tag == "button":
                self._foreign = 0

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in WORDS and data.strip() and not self._foreign:
            self.words.append(data.strip())


@pytest.fixture(scope="module")
def held(app: Flask) -> dict[str, Rights]:
    """The rights of every role, those with the fewest first."""
    with app.app_context():
        now = app.extensions["generations"].refresh()
        prefix = app.config["ROLE_PREFIX"]
        found = {role: now.rights(f"{prefix}{role}") for role in ROLES}
    return dict(sorted(found.items(), key=lambda pair: len(pair[1].read) + len(pair[1].execute)))


@pytest.fixture(scope="module")
def relations(app: Flask) -> list[Relation]:
    return list(app.extensions["generations"].refresh().catalog.relations.values())


@pytest.fixture
def in_english(signed_in: Callable[[str], Person]) -> Iterator[Callable[[str], Person]]:
    """Somebody of a role who reads English."""
    changed: list[Person] = []

    def of(role: str) -> Person:
        person = signed_in(role)
        person.post("/language/en", {"next": "/"})
        changed.append(person)
        return person

    yield of
    for person in changed:
        person.post("/language/ja", {"next": "/"})


def least(held: dict[str, Rights], may: Callable[[Rights], bool]) -> tuple[str | None, str | None]:
    """The role with the fewest rights that may, and one that may not."""
    return (
        next((role for role, rights in held.items() if may(rights)), None),
        next((role for role, rights in held.items() if not may(rights)), None),
    )


def faults(answer: Any, address: str, statements: int = 0) -> list[str]:
    """What is wrong with a page."""
    found = []
    if answer.status_code >= 500:
        found.append(f"{address}: {answer.status_code}")
    if SQL.search(answer.text):
        found.append(f"{address}: SQL is shown")
    if statements > STATEMENTS_MAX:
        found.append(f"{address}: {statements} statements")
    if answer.mimetype == "text/html":
        found += [f"{address}: {what}" for what in Page(answer.text).refused]
    return found


def test_every_list_row_and_form_opens_for_the_least_and_for_no_other(
    held: dict[str, Rights],
    relations: list[Relation],
    signed_in: Callable[[str], Person],
    statements: list[str],
) -> None:
    wrong: list[str] = []
    opened = 0
    for relation in relations:
        base = f"/{relation.schema}/{relation.name}"
        may, may_not = least(held, lambda one, full=relation.full: full in one.read)
        if may_not and signed_in(may_not).get(f"{base}/list/").status_code != 403:
            wrong.append(f"{base}/list/ is open to {may_not}")
        if may is None:
            continue
        person = signed_in(may)
        statements.clear()
        page = person.get(f"{base}/list/")
        wrong += faults(page, f"{may} {base}/list/", len(statements))
        opened += page.status_code == 200
        counted = person.get(f"{base}/list/counted.json")
        wrong += faults(counted, f"{may} {base}/list/counted.json")
        row = re.search(r'data-row="([^"]+)"', page.text)
        if row:
            shown = html.unescape(row[1])
            statements.clear()
            wrong += faults(person.get(shown), f"{may} {shown}", len(statements))
            for part in re.findall(r'data-lazy="([^"]+)"', person.get(shown).text):
                wrong += faults(person.get(html.unescape(part)), f"{may} {part}")
        there = shown if row else f"{base}/show/1"
        for verb, address in (
            ("insert", f"{base}/add"),
            ("update", there.replace("/show/", "/edit/")),
            ("delete", there.replace("/show/", "/delete/")),
        ):
            able, unable = least(
                held, lambda one, v=verb, full=relation.full: full in getattr(one, v)
            )
            method = "post" if verb == "delete" else "get"
            if unable and getattr(signed_in(unable), method)(address).status_code not in (403, 404):
                wrong.append(f"{address} is open to {unable}")
            if able and verb != "delete":
                writer = signed_in(able)
                statements.clear()
                wrong += faults(writer.get(address), f"{able} {address}", len(statements))
    assert wrong == []
    assert opened > 60


def test_every_action_is_asked_about_by_the_least_and_refused_to_others(
    held: dict[str, Rights], app: Flask, signed_in: Callable[[str], Person], owner: Person
) -> None:
    wrong: list[str] = []
    asked = 0
    for full, screen in app.extensions["screens"].by_relation.items():
        base = "/" + full.replace(".", "/")
        key = re.search(r'data-row="[^"]*/show/([^"]+)"', owner.get(f"{base}/list/").text)
        for name in (*screen.actions, *screen.create_actions):
            may, may_not = least(
                held, lambda one, n=name, f=full: n in one.execute and f in one.read
            )
            given = {"rowid": html.unescape(key[1])} if key and name in screen.actions else {}
            address = f"{base}/act/{name}"
            if may_not and signed_in(may_not).post(address, given).status_code != 403:
                wrong.append(f"{address} is open to {may_not}")
            if may is None:
                wrong.append(f"{address} is granted to nobody")
                continue
            answer = signed_in(may).post(address, given)
            wrong += faults(answer, f"{may} {address}")
            asked += answer.status_code in (200, 302)
    assert wrong == []
    assert asked > 10


def test_every_list_can_be_exported_by_the_least_that_may_read_it(
    held: dict[str, Rights],
    relations: list[Relation],
    signed_in: Callable[[str], Person],
    admin: Any,
) -> None:
    wrong: list[str] = []
    for relation in relations:
        may, may_not = least(held, lambda one, full=relation.full: full in one.read)
        address = f"/export/{relation.schema}/{relation.name}"
        given = {
            "condition": "{}",
            "format": "csv",
            "column": [n for n, c in relation.columns.items() if c.kind != "bytes"][:3],
        }
        if may_not and signed_in(may_not).post(address, given).status_code != 403:
            wrong.append(f"{address} is open to {may_not}")
        if may:
            # Nobody works here: what was asked for would count against the next one
            admin.execute(
                "delete from transit.job_request where job = 'export_rows' and done_at is null"
            )
            admin.commit()
            answer = signed_in(may).post(address, given)
            wrong += faults(answer, f"{may} {address}")
            if answer.status_code != 302:
                wrong.append(f"{may} {address}: {answer.status_code}")
    assert wrong == []
    admin.execute("delete from transit.job_request where job = 'export_rows' and done_at is null")
    admin.commit()


def written_by_people(admin: Any, relations: list[Relation]) -> set[str]:
    """Every Japanese value of a table that is not said in both languages: data, whoever made it."""
    found: set[str] = set()
    for relation in relations:
        if not relation.is_table:
            continue
        for name, column in relation.columns.items():
            if column.type == "text":
                found |= {
                    value
                    for (value,) in admin.execute(
                        f"select distinct {name}::text from {relation.full}"
                        f" where {name}::text ~ '[ぁ-ヿ一-鿿]' and {name}::text !~ ' [|] '"
                    )
                }
    return found


def test_the_frame_speaks_english_without_a_japanese_word(
    held: dict[str, Rights],
    relations: list[Relation],
    in_english: Callable[[str], Person],
    admin: Any,
) -> None:
    person = in_english("owner")
    names = {"オーナー", "茶の店", "本社倉庫", "1 茶"}
    # Names of people are data, whatever others have made here before
    names |= {row[0] for row in admin.execute("select display_name from staff.account")}
    addresses = ["/", "/password/", "/jobs/", "/people/", "/imports/", "/nothing"]
    for relation in relations:
        if relation.full in held["owner"].read:
            addresses.append(f"/{relation.schema}/{relation.name}/list/")
        if relation.full in held["owner"].insert:
            addresses.append(f"/{relation.schema}/{relation.name}/add")
    written = written_by_people(admin, relations)
    wrong: dict[str, list[str]] = {}
    for address in addresses:
        words = Page(person.get(address).text).words
        japanese = [w for w in words if JAPANESE.search(w) and not any(n in w for n in names)]
        # Choices are rows of the shop's own: their names are data
        if found := [
            w for w in japanese if w not in written and "品p" not in w and "商品" not in w
        ]:
            wrong[address] = found[:5]
    assert wrong == {}


def test_a_page_with_an_inline_script_would_be_found() -> None:
    for planted in (
        "<script>x()</script>",
        '<p style="color:red">',
        '<a href="javascript:x()">',
        "<p onclick=x()>",
    ):
        assert Page(planted).refused, planted
    assert not Page('<script src="/static/frame.js" nonce="x"></script>').refused
    assert Page("<button>保存</button>").words == ["保存"]


def test_the_history_of_a_row_is_for_those_who_may_read_the_log(
    held: dict[str, Rights], signed_in: Callable[[str], Person], admin: Any
) -> None:
    admin.execute("update catalog.sku set sku_name = '履歴の名' where sku_id = 77")
    admin.commit()
    for role, rights in held.items():
        answer = signed_in(role).get("/catalog/sku/history/77")
        reads = "staff.audit_log" in rights.read
        assert answer.status_code == (200 if reads else 403), role
        assert ("履歴の名" in answer.text) == reads, role
    row = admin.execute(
        "select count(*) from access.row_history('catalog.sku', '{\"sku_id\": 77}', 10)"
    ).fetchone()
    assert row == (0,)  # nobody in particular is asking
