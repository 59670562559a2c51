"""Shipments and carriers."""

from app.fab.screen import Screen

SCREENS = {
    "shipping.shipment": Screen(
        columns=(
            "tracking_no",
            "sales_order_id",
            "carrier_code",
            "shipped_at",
            "warehouse_id",
            "account_id",
        ),
        order=("shipped_at", "desc"),
        children=(("shipping.shipment_line", "shipment_id"),),
    ),
}
