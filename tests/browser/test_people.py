"""A role of the shop's own for a new person: they see exactly that, on screen, by token and in psql, until they leave."""

import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

import sql
from app.catalog import SCHEMAS
from config import environment
from scripts.servers.binaries import client_bin
from scripts.servers.client import connection_of
from tests.browser.conftest import Shop, opened, sign_in, wait

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("few_orders")]

PASSWORD = "correct horse battery"
ENDS_S = 15
# Taken from what the order desk has, and given beyond it
TAKEN, GIVEN = "transit.push", "stock.stock_entry"
NEVER = ("staff.account", "channel.shop_secret", "transit.message", TAKEN)
MATRIX = """() => [...document.querySelectorAll("table.matrix tbody tr")].filter(
    (row) => row.cells[1].innerText.trim() !== "—"
).map((row) => row.querySelector("th").title)"""
MENU = """() => [...document.querySelectorAll("nav.side details a")].map((link) => link.pathname)"""
READABLE = """
select namespace.nspname || '.' || class.relname
from pg_class as class join pg_namespace as namespace on namespace.oid = class.relnamespace
where class.relkind in ('r', 'p', 'v', 'm') and not class.relispartition
    and namespace.nspname = any(string_to_array('{schemas}', ' '))
    and has_schema_privilege(namespace.oid, 'usage') and has_any_column_privilege(class.oid, 'select')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """An SQL login as the page shows it, once."""

    url: str

    def psql(self, statement: str) -> tuple[int, list[str], str]:
        """What psql prints, a line each, and what it complains of."""
        done = subprocess.run(
            [str(client_bin() / "psql"), "-XAtw", "-v", "ON_ERROR_STOP=1", "-c", statement],
            env=environment() | connection_of(self.url),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout.splitlines(), done.stderr


def role_made(shop: Shop, page: Page, code: str) -> set[str]:
    """Copy the order desk, take one table away and give another; what the role's page then says it sees."""
    page.goto(f"{shop.url}/roles/")
    page.get_by_label("写す役割").select_option("order_desk")
    page.get_by_label("コード").fill(code)
    page.get_by_label("名称").fill("贈答係 | Gift desk")
    page.get_by_label("役目").fill("のしと贈り先を見る。 | Looks after gifts.")
    page.get_by_role("button", name="写して作る").click()
    page.get_by_role("link", name="権限を変える").click()
    page.locator(f"input[name=grant][value='select:{TAKEN}']").uncheck()
    page.locator(f"input[name=grant][value='select:{GIVEN}']").check()
    page.get_by_role("button", name="変更を確認").click()
    changes = page.locator("form", has=page.get_by_role("heading", name="変わること"))
    expect(changes.locator("tbody tr")).to_have_count(2)
    expect(changes).to_contain_text("外す")
    expect(changes).to_contain_text("与える")
    page.get_by_role("button", name="この通りに変える").click()
    expect(page.get_by_role("link", name="権限を変える")).to_be_visible()
    return set(page.evaluate(MATRIX))


def invited(shop: Shop, page: Page, login: str, role: str) -> str:
    """Invite somebody; the link that the page shows once."""
    page.goto(f"{shop.url}/people/new")
    page.get_by_label("ログイン名").fill(login)
    page.get_by_label("名前", exact=False).last.fill("贈田 花江")
    page.get_by_label("役割").select_option(role)
    page.get_by_label("すべての店舗").check()
    page.get_by_label("すべての倉庫").check()
    page.get_by_role("button", name="招待リンクを作る").click()
    return page.get_by_role("status").locator(".code").inner_text()


def person_page(shop: Shop, page: Page, login: str) -> None:
    page.goto(f"{shop.url}/people/")
    page.locator("tr", has=page.get_by_text(login, exact=True)).get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="役割と範囲")).to_be_visible()


def arrived(browser: Browser, link: str) -> Page:
    """The person opens the link, sets a first password and is in."""
    page = opened(browser).new_page()
    page.goto(link)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_label("もう一度").fill(PASSWORD)
    page.get_by_role("button", name="決める").click()
    return page


def token_of(shop: Shop, page: Page) -> str:
    page.goto(f"{shop.url}/me/")
    page.get_by_label("名前").fill("帳票")
    page.get_by_role("button", name="トークンを作る").click()
    return page.get_by_role("status").locator(".code").inner_text()


def sql_login_of(page: Page) -> Login:
    """The owner makes it on the person's page, which is open."""
    page.locator("section", has=page.get_by_role("heading", name="SQL ログイン")).get_by_role(
        "button", name="作る"
    ).click()
    said = page.get_by_role("status").locator("dd")
    expect(said).to_have_count(4)
    where, database, user, password = said.all_inner_texts()
    return Login(url=f"postgresql://{user}:{password}@{where}/{database}")


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    context = opened(browser)
    yield context.new_page()
    context.close()


def test_a_new_person_sees_exactly_their_role_and_nothing_after_leaving(
    shop: Shop, browser: Browser, page: Page, stranger: Page
) -> None:
    number = secrets.token_hex(3)
    login, role = f"hanae_{number}", f"gift_{number}"
    seen = role_made(shop, page, role)
    assert GIVEN in seen
    assert not seen & set(NEVER)
    link = invited(shop, page, login, f"own_{role}")
    person = arrived(browser, link)
    sign_in_if_asked(shop, person, login)

    # On screen
    expect(
        person.locator("nav.side").get_by_role("link", name="在庫変動履歴").first
    ).to_be_visible()
    assert {".".join(path.split("/")[1:3]) for path in person.evaluate(MENU)} == seen
    for full in NEVER:
        assert person.goto(f"{shop.url}/{full.replace('.', '/')}/list/").status == 403, full
    # By token
    token = token_of(shop, person)
    told = {"Authorization": f"Bearer {token}"}

    def asked(full: str) -> int:
        return stranger.request.get(
            f"{shop.url}/api/v1/{full.replace('.', '/')}/?size=1", headers=told
        ).status

    assert {full for full in seen | set(NEVER) if asked(full) == 200} == seen
    described = stranger.request.get(f"{shop.url}/api/v1/_openapi", headers=told).json()["paths"]
    readable = {path for path, verbs in described.items() if "get" in verbs}
    assert all(any(f"/{full.replace('.', '/')}/" in path for path in readable) for full in seen)
    assert not any(f"/{full.replace('.', '/')}/" in path for path in readable for full in NEVER)
    # In psql
    person_page(shop, page, login)
    way_in = sql_login_of(page)
    code, found, said = way_in.psql(READABLE.format(schemas=" ".join(SCHEMAS)))
    assert code == 0, said
    assert set(found) == seen
    counted = " union all ".join(
        f"(select count(*) from (select from {full} limit 1) as one)" for full in sorted(seen)
    )
    code, found, said = way_in.psql(counted)
    assert code == 0, said
    assert way_in.psql(f"select count(*) from {TAKEN}")[0] != 0

    # Leaving ends all of it at once
    still = sql.connect(way_in.url)
    still.execute("select count(*) from sales.sales_order")
    person_page(shop, page, login)
    page.get_by_text("退職にする…").click()
    page.get_by_role("button", name="退職にする", exact=True).click()
    expect(page.get_by_role("button", name="復帰させる")).to_be_visible()
    person.goto(f"{shop.url}/sales/sales_order/list/")
    expect(person.get_by_role("button", name="ログイン")).to_be_visible()
    person.fill("input[name=username]", login)
    person.fill("input[name=password]", PASSWORD)
    person.click("main button.btn-primary")
    expect(person.get_by_role("alert")).to_contain_text("入れませんでした")
    assert asked("sales.sales_order") == 401
    assert way_in.psql("select 1")[0] != 0

    def cut() -> bool:
        try:
            still.execute("select 1")
        except psycopg.OperationalError:
            return True
        return False

    wait("an open connection is cut", ENDS_S, cut)
    person.context.close()


def sign_in_if_asked(shop: Shop, page: Page, login: str) -> None:
    page.wait_for_load_state("networkidle")
    if page.locator("input[name=username]").count():
        sign_in(page, shop, login, PASSWORD)
