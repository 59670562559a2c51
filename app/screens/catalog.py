"""Products, SKUs and bundles."""

from app.fab.screen import Screen

SCREENS = {
    "catalog.product": Screen(
        children=(("catalog.sku", "product_id"),),
        lines=(("catalog.sku", "product_id"),),
    ),
    "catalog.sku": Screen(
        columns=(
            "sku_code",
            "sku_name",
            "product_id",
            "gtin",
            "list_price",
            "tax_rate",
            "is_bundle",
            "on_sale_on",
            "handling_status",
        ),
        lines=(("catalog.bundle_component", "bundle_sku_id"),),
        children=(
            ("stock.stock_balance", "sku_id"),
            ("catalog.bundle_component", "bundle_sku_id"),
            ("catalog.sku_customs", "sku_id"),
            ("channel.listing", "sku_id"),
        ),
    ),
}
