"""What differs from the generated screens, one module per area of the schema."""

from app.fab.screen import Screens
from app.screens import (
    catalog,
    channel,
    customer,
    document,
    inquiry,
    mail,
    sales,
    shipping,
    staff,
    stock,
    transit,
)
from app.screens.history import history
from app.screens.parameters import PARAMETERS
from app.screens.sidebar import SIDEBAR

__all__ = ["SCREENS", "SIDEBAR"]

AREAS = {
    "sales": "受注 | Orders",
    "shipping": "出荷 | Shipping",
    "stock": "在庫 | Stock",
    "catalog": "商品 | Products",
    "channel": "店舗 | Shops",
    "customer": "顧客 | Customers",
    "purchasing": "仕入 | Purchasing",
    "accounting": "経理 | Accounting",
    "mail": "メール | Mail",
    "document": "帳票 | Documents",
    "transit": "連携 | Sync",
    "report": "集計 | Reports",
    "staff": "担当者 | Staff",
    "base": "基本設定 | Settings",
    "own": "独自の表 | Own tables",
}

SECURITY = {"starttls": "STARTTLS", "tls": "TLS", "none": "なし | None"}

# Normal states have an icon alone; only what waits for a person or is broken is tinted
ICONS = {
    "status": {
        "received": ("inbox", ""),
        "on_hold": ("hand-stop", "act"),
        "awaiting_payment": ("coin-yen", "wait"),
        "awaiting_stock": ("box-off", "wait"),
        "awaiting_release": ("calendar-due", "wait"),
        "scheduled": ("calendar-clock", ""),
        "ready_to_ship": ("printer", "go"),
        "in_fulfilment": ("package", "go"),
        "shipped": ("truck", "ok"),
        "cancelled": ("ban", ""),
    },
    "state": {
        "draft": ("pencil", ""),
        "accepted": ("circle-check", "ok"),
        "declined": ("ban", ""),
        "due": ("clock", ""),
        "claimed": ("loader-2", ""),
        "handing": ("transfer", ""),
        "unknown": ("help", "act"),
        "refused": ("alert-octagon", "stop"),
        "bounced": ("arrow-back-up", "stop"),
        "sent": ("check", ""),
        "skipped": ("arrow-right", ""),
        "stopped": ("ban", ""),
    },
}

SCREENS = Screens(
    by_relation={
        **sales.SCREENS,
        **customer.SCREENS,
        **shipping.SCREENS,
        **stock.SCREENS,
        **catalog.SCREENS,
        **channel.SCREENS,
        **document.SCREENS,
        **mail.SCREENS,
        **inquiry.SCREENS,
        **transit.SCREENS,
        **staff.SCREENS,
    },
    areas=AREAS,
    parameters=PARAMETERS,
    value_icons=ICONS,
    value_labels={
        "action": {
            "insert": "追加 | Added",
            "update": "変更 | Changed",
            "delete": "削除 | Deleted",
        },
        "smtp_security": SECURITY,
        "imap_security": SECURITY,
        "tax_rounding": {
            "down": "切捨て | Down",
            "half_up": "四捨五入 | Half up",
            "up": "切上げ | Up",
        },
        "why": {"bounce": "不達 | Bounce", "complaint": "苦情 | Complaint"},
        "part_kind": {
            "goods": "品目 | Goods",
            "discount_shared": "値引 | Discount",
            "adjustment": "返金の調整 | Adjustment by refund",
            "shipping_fee": "送料 | Shipping fee",
            "cod_fee": "代引手数料 | COD fee",
            "gift_fee": "ギフト料 | Gift fee",
            "discount": "値引 | Discount",
            "coupon": "クーポン | Coupon",
            "points": "ポイント利用 | Points used",
            "other": "その他 | Other",
        },
    },
    marked=frozenset({"channel.shop"}),
    history=history,
    history_relation="staff.audit_log",
)
