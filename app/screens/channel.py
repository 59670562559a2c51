"""Shops and what they list."""

from app.fab.screen import Screen

SCREENS = {
    "channel.shop": Screen(
        columns=(
            "shop_code",
            "shop_name",
            "channel_code",
            "warehouse_id",
            "currency_code",
            "paused_at",
            "pause_reason",
        ),
        order=("shop_code", "asc"),
        actions=("channel.shop_pause", "channel.shop_resume"),
        action_when={
            "channel.shop_pause": ("paused_at", False),
            "channel.shop_resume": ("paused_at", True),
        },
    ),
    "channel.listing": Screen(
        columns=(
            "external_listing_no",
            "listing_name",
            "shop_id",
            "sku_id",
            "buffer",
            "max_published",
            "is_published",
        ),
        actions=("channel.listing_link",),
    ),
}
