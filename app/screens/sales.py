"""Orders, their holds and payments."""

from app.fab.screen import Screen

SCREENS = {
    "sales.sales_order": Screen(
        columns=(
            "order_no",
            "ordered_at",
            "shop_id",
            "external_order_no",
            "status",
            "payment_method",
            "total",
            "currency_code",
            "shipped_at",
        ),
        order=("ordered_at", "desc"),
        actions=(
            "shipping.shipment_post",
            "sales.hold_place",
            "sales.payment_record",
            "sales.order_cancel",
            "customer.forget",
        ),
        confirm_first=("customer.forget",),
        explain="sales.order_explain",
        explain_columns=("label", "evidence", "release", "since", "rule_code"),
        children=(
            ("sales.sales_order_line", "sales_order_id"),
            ("sales.hold", "sales_order_id"),
            ("sales.sales_order_party", "sales_order_id"),
            ("sales.payment", "sales_order_id"),
            ("shipping.shipment", "sales_order_id"),
        ),
    ),
    "sales.sales_order_line": Screen(
        columns=(
            "line_no",
            "sales_order_id",
            "sku_id",
            "external_listing_no",
            "line_name",
            "quantity_ordered",
            "quantity_reserved",
            "quantity_shipped",
            "unit_price",
        ),
    ),
    "sales.sales_order_party": Screen(
        columns=(
            "sales_order_id",
            "buyer_name",
            "recipient_name",
            "recipient_phone",
            "recipient_postal_code",
            "recipient_region",
            "recipient_address_line1",
            "buyer_note",
            "staff_note",
        ),
    ),
    "sales.hold": Screen(
        columns=(
            "hold_reason",
            "sales_order_id",
            "placed_at",
            "evidence",
            "released_at",
            "released_by",
            "release_note",
        ),
        order=("placed_at", "desc"),
        actions=("sales.hold_release",),
    ),
    "sales.payment": Screen(order=("paid_at", "desc")),
    "report.sales_order": Screen(order=("ordered_at", "desc")),
}
