"""What differs from the generated screens, one module per area of the schema."""

from app.fab.screen import Screens
from app.screens import catalog, channel, sales, shipping, staff, stock, transit
from app.screens.history import history

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

SCREENS = Screens(
    by_relation={
        **sales.SCREENS,
        **shipping.SCREENS,
        **stock.SCREENS,
        **catalog.SCREENS,
        **channel.SCREENS,
        **transit.SCREENS,
        **staff.SCREENS,
    },
    areas=AREAS,
    history=history,
    history_relation="staff.audit_log",
)
