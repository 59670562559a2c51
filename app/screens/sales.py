"""Orders, their holds and payments."""

from app.fab.screen import Screen

NOT_LEFT = (
    "received",
    "on_hold",
    "awaiting_payment",
    "awaiting_stock",
    "awaiting_release",
    "scheduled",
    "ready_to_ship",
    "in_fulfilment",
)
SCREENS = {
    "sales.sales_order": Screen(
        columns=(
            "order_no",
            "status",
            "report.order_summary.why",
            "ordered_at",
            "shop_id",
            "sales.sales_order_party.buyer_name",
            "report.order_summary.items",
            "report.order_summary.pieces",
            "total",
            "payment_method",
        ),
        wide="report.order_summary.items",
        phone=("order_no", "status", "sales.sales_order_party.buyer_name", "total"),
        facets=("status", "shop_id", "payment_method", "ordered_at", "is_gift", "is_history"),
        empty="店舗につなぐか、受注ファイルを取り込むと、ここに入ります。 | Connect a shop or import an order file, and orders come here.",
        order=("ordered_at", "desc"),
        actions=(
            "shipping.shipment_post",
            "sales.hold_place",
            "sales.payment_record",
            "sales.order_cancel",
            "customer.forget",
        ),
        action_when={
            "shipping.shipment_post": ("status", ("ready_to_ship", "in_fulfilment")),
            "sales.hold_place": ("status", NOT_LEFT),
            "sales.order_cancel": ("status", NOT_LEFT),
        },
        confirm_first=("customer.forget",),
        one_by_one=("shipping.shipment_post", "sales.payment_record"),
        asks={
            "p_in_one_parcel": "同梱。同じ送り状番号の別の受注と一つの荷物で出した。 | "
            "One parcel. It left together with another order of the same tracking no.",
        },
        explain="sales.order_explain",
        explain_columns=("label", "evidence", "release", "since", "rule_code"),
        explain_reads=(
            "sales.sales_order",
            "sales.order_status",
            "sales.hold",
            "sales.hold_reason",
            "sales.hold_rule",
        ),
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
            "note",
            "released_at",
            "released_by",
            "release_note",
        ),
        order=("placed_at", "desc"),
        actions=("sales.hold_release",),
        action_when={"sales.hold_release": ("released_at", False)},
    ),
    "sales.payment": Screen(order=("paid_at", "desc")),
    "report.sales_order": Screen(order=("ordered_at", "desc")),
}
