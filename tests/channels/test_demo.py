"""The demo shop on a real database: filled whole or not at all, and linked to what the malls offer."""

import base64
from dataclasses import replace
from typing import Any

import pytest

import sql
import sql.errors
from config import Settings
from scripts.demo import fill
from scripts.world import World
from scripts.world.catalogue import catalogue
from sync import registry
from sync.contract import ShopAccess
from sync.shops import DatabaseSecrets
from sync.vault import Vault

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()


@pytest.fixture
def settings(fresh_database: Any, tmp_path: Any) -> Settings:
    return replace(
        Settings.from_environment(environment={}),
        worker_database_url=fresh_database.worker,
        secret_keys=(KEY,),
        data=tmp_path,
    )


def test_the_demo_shop_is_worth_looking_at(
    settings: Settings, worker: Any, fresh_database: Any
) -> None:
    fill(settings, {"hinode-1": "http://127.0.0.1:1", "minato-1": "http://127.0.0.1:2"})
    count = worker.execute("select count(*) from catalog.product").fetchone()[0]
    assert count >= 60
    for code in ("hinode", "minato"):
        levels = dict(
            worker.execute(
                "select external_listing_no, level from channel.listing_level"
                " join channel.shop using (shop_id) where channel_code = %s",
                [code],
            ).fetchall()
        )
        assert levels.keys() == {sku.listing_no(code) for sku in catalogue()}
        by_code = {sku.sku_code: sku for sku in catalogue()}
        tea = by_code["SEN-100"]
        assert levels[tea.listing_no(code)] == tea.opening
        # A bundle has what its scarcest part allows, a preorder what may be promised.
        assert levels[by_code["SETD"].listing_no(code)] == by_code["CHA-KU"].opening
        assert levels[by_code["SETG"].listing_no(code)] == tea.opening // 3
        assert levels[by_code["SHIN"].listing_no(code)] == 120
    with sql.connect(fresh_database.admin) as admin:
        checks = admin.execute(
            "select viewname from pg_views where schemaname = 'report' and viewname like 'check%%'"
        ).fetchall()
        for (view,) in checks:
            if view != "check_result":
                assert admin.execute(f"select * from report.{view}").fetchall() == [], view


def test_its_shops_open_with_their_secrets(settings: Settings, worker: Any) -> None:
    with World() as world:
        fill(settings, world.urls)
        vault = Vault(settings.secret_keys)
        for shop_id, code, channel_code, held in worker.execute(
            "select shop_id, shop_code, channel_code, settings from channel.shop where channel_code <> 'file'"
        ).fetchall():
            access = ShopAccess(
                shop_code=code,
                settings=held,
                secrets=DatabaseSecrets(lambda: worker, vault, shop_id),
            )
            channel = registry.open_channel(channel_code, access)
            assert channel.check().shop_name == world.malls[code].fake.shop_name
            channel.close()


def test_a_filling_that_fails_leaves_nothing(settings: Settings, worker: Any) -> None:
    with pytest.raises(KeyError):
        fill(settings, {"hinode-1": "http://127.0.0.1:1"})
    assert worker.execute("select count(*) from catalog.product").fetchone()[0] == 0
    with sql.connect(settings.worker_database_url, account_id=1) as connection:
        assert sql.value(connection, "transit.outgoing_is_on", "stock") is False
