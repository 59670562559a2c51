"""Fill a new database with a demo shop that sells on the simulated malls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Final

import sql
from config import Settings
from scripts.world.catalogue import CatalogueSku, catalogue
from scripts.world.ports import world_urls
from sync import registry
from sync.channels.hinode.fake import Fake as Hinode
from sync.channels.minato.fake import Fake as Minato
from sync.file_import import make_shop, write_maps
from sync.vault import Vault

SYSTEM_ACCOUNT: Final = 1
SHOPS: Final = (
    ("hinode-1", "日の出市場店", "hinode"),
    ("minato-1", "みなとマーケット店", "minato"),
)


# A shop whose orders come as files; its map reads the real orders that come with the tests
FILE_SHOP: Final = "uk"
FILE_MAP: Final = "online_retail"


def fill(
    settings: Settings, urls: Mapping[str, str] | None = None, *, post_port: int | None = None
) -> None:
    """Make warehouse, products, bundles, opening stock and two shops with their listings.

    All in one transaction: a filling that is cut off leaves nothing behind. `urls` are the malls'
    addresses by shop code; without them those that `scripts.world` will take for this data folder.
    With the port of the buyers' post office the shops send mails there, by the rules that every shop wants.
    """
    addresses = world_urls(settings.data) if urls is None else urls
    today = datetime.now(UTC).date()
    connection = sql.connect(settings.worker_database_url, account_id=SYSTEM_ACCOUNT)
    try:
        with sql.transaction(connection):
            write_channels(connection)
            sku_ids = _write_skus(connection, catalogue(), today)
            _write_shops(connection, settings, addresses, sku_ids)
            sql.rows(connection, "demo_rate", valid_on=today - timedelta(days=30))
            sql.rows(connection, "demo_pace")
            write_maps(connection)
            make_shop(connection, FILE_SHOP, FILE_MAP)
            # Nothing but the simulated malls is there to be told anything.
            for kind in ("stock", "shipment"):
                sql.call(connection, "transit.outgoing_set", kind, True)
            if post_port is not None:
                codes = [code for code, _, _ in SHOPS]
                sql.rows(connection, "demo_mail", port=post_port, shop_codes=codes)
                sql.call(connection, "transit.outgoing_set", "mail", True)
    finally:
        connection.close()


def write_channels(connection: sql.Connection) -> None:
    """Write a row of `channel.channel` for each connector there is. May run at every start."""
    channels = [
        {
            "channel_code": manifest.code,
            "label": manifest.label,
            "capabilities": sorted(manifest.capabilities),
            "fields": [asdict(field) for field in manifest.fields],
            "mail_rules": dict(manifest.mail),
        }
        for manifest in registry.manifests().values()
    ]
    sql.rows(connection, "channel_write", channels=sql.Json(channels))


def _write_skus(
    connection: sql.Connection, skus: Sequence[CatalogueSku], today: date
) -> Mapping[str, int]:
    items = [
        {
            "product_code": sku.product_code,
            "product_name": sku.product_name,
            "sku_code": sku.sku_code,
            "sku_name": sku.sku_name,
            "gtin": sku.gtin,
            "is_bundle": bool(sku.parts),
            "oversell_limit": sku.oversell_limit,
            "on_sale_on": None
            if sku.on_sale_in_days is None
            else (today + timedelta(days=sku.on_sale_in_days)).isoformat(),
            "tax_rate": str(sku.tax_rate),
            "list_price": str(sku.price),
        }
        for sku in skus
    ]
    written = sql.rows(connection, "demo_skus", skus=sql.Json(items))
    parts = [
        {"bundle_code": sku.sku_code, "sku_code": part, "quantity": quantity}
        for sku in skus
        for part, quantity in sku.parts
    ]
    sql.rows(connection, "demo_bundles", parts=sql.Json(parts))
    return {row.sku_code: row.sku_id for row in written}


def _write_shops(
    connection: sql.Connection,
    settings: Settings,
    addresses: Mapping[str, str],
    sku_ids: Mapping[str, int],
) -> None:
    shops = [
        {
            "shop_code": code,
            "shop_name": name,
            "channel_code": channel_code,
            "settings": {"base_url": addresses[code], "client_id": "daicho"},
        }
        for code, name, channel_code in SHOPS
    ]
    written = sql.rows(connection, "demo_shops", shops=sql.Json(shops))
    shop_ids = {row.shop_code: row.shop_id for row in written}
    opening = [
        {
            "sku_id": sku_ids[sku.sku_code],
            "warehouse_id": written[0].warehouse_id,
            "quantity": sku.opening,
            "cause_id": sku_ids[sku.sku_code],
        }
        for sku in catalogue()
        if sku.opening
    ]
    sql.call(connection, "stock.stock_receive", "opening", sql.Json(opening))
    listings = [
        {
            "shop_id": shop_ids[code],
            "sku_code": sku.sku_code,
            "external_listing_no": sku.listing_no(channel_code),
        }
        for code, _, channel_code in SHOPS
        for sku in catalogue()
    ]
    sql.rows(connection, "demo_listings", listings=sql.Json(listings))
    vault = Vault(settings.secret_keys)
    secrets = {"hinode-1": Hinode().credentials(), "minato-1": Minato().credentials()}
    for code, held in secrets.items():
        for name, text in held.items():
            sql.rows(
                connection,
                "shop_secret_write",
                shop_id=shop_ids[code],
                name=name,
                ciphertext=vault.seal_secret(shop_ids[code], name, text),
            )
