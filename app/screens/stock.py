"""Balances, the ledger and adjustments."""

from app.fab.screen import Screen

SCREENS = {
    "stock.stock_balance": Screen(
        columns=("sku_id", "warehouse_id", "on_hand", "reserved", "available", "oversell_limit"),
        create_actions=("stock.stock_adjust",),
    ),
    "stock.stock_entry": Screen(
        columns=(
            "stock_entry_id",
            "entered_at",
            "sku_id",
            "warehouse_id",
            "reason",
            "on_hand_change",
            "reserved_change",
            "cause",
            "account_id",
        ),
        order=("stock_entry_id", "desc"),
    ),
    "stock.adjustment": Screen(
        columns=(
            "adjustment_id",
            "adjusted_at",
            "sku_id",
            "warehouse_id",
            "quantity",
            "adjustment_reason",
            "note",
            "account_id",
        ),
        create_actions=("stock.stock_adjust",),
    ),
}
