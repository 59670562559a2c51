"""What goes out and comes in, and what waits for a person."""

from app.fab.screen import Screen

SCREENS = {
    "transit.inbox": Screen(
        columns=(
            "inbox_reason",
            "noted_at",
            "shop_id",
            "subject",
            "detail",
            "sales_order_id",
            "listing_id",
            "seen",
            "closed_at",
        ),
        order=("noted_at", "desc"),
        actions=("transit.inbox_close",),
        action_when={"transit.inbox_close": ("closed_at", False)},
    ),
    "transit.outgoing": Screen(actions=("transit.outgoing_set",)),
    "transit.push": Screen(
        columns=(
            "kind",
            "shop_id",
            "listing_id",
            "shipment_id",
            "is_due",
            "is_refused",
            "sent_level",
            "done_at",
            "attempt",
        ),
    ),
    "transit.message": Screen(
        columns=(
            "message_id",
            "received_at",
            "shop_id",
            "message_kind",
            "external_no",
            "outcome",
            "accepted_at",
            "sales_order_id",
        ),
    ),
}
