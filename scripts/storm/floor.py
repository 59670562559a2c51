"""A shop for tests, storms and benches: the demo's, with a shop for each mall of a world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import sql
from config import Settings
from scripts import demo
from scripts.world.world import World
from sync.shops import SYSTEM_ACCOUNT
from sync.vault import Vault

OF_DEMO: Final = frozenset({"hinode-1", "minato-1"})


def fill(settings: Settings, world: World) -> Mapping[str, int]:
    """Fill an empty database for a world that has hinode-1 and minato-1; return the shops' ids."""
    demo.fill(settings, world.urls)
    vault = Vault(settings.secret_keys)
    with sql.connect(settings.worker_database_url, account_id=SYSTEM_ACCOUNT) as connection:
        for name, mall in world.malls.items():
            if name in OF_DEMO:
                continue
            with sql.transaction(connection):
                (shop,) = sql.rows(
                    connection,
                    "storm_shop",
                    shop_code=name,
                    channel_code=mall.spec.channel_code,
                    settings=sql.Json({"base_url": mall.url, "client_id": "daicho"}),
                )
                listings = [
                    {
                        "shop_id": shop.shop_id,
                        "sku_code": sku.sku_code,
                        "external_listing_no": sku.listing_no(mall.spec.channel_code),
                    }
                    for sku in world.skus
                ]
                sql.rows(connection, "demo_listings", listings=sql.Json(listings))
                for secret_name, text in mall.fake.credentials().items():
                    sql.rows(
                        connection,
                        "shop_secret_write",
                        shop_id=shop.shop_id,
                        name=secret_name,
                        ciphertext=vault.seal_secret(shop.shop_id, secret_name, text),
                    )
        found = sql.rows(connection, "storm_shops")
    return {row.shop_code: row.shop_id for row in found}
