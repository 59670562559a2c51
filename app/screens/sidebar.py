"""What stands in the sidebar."""

from app.asking import may, may_make_people
from app.sidebar import Entry, Section


def _orders(label: str, icon: str, status: str, *, is_due: bool = False) -> Entry:
    return Entry(
        label=label,
        icon=icon,
        relation="sales.sales_order",
        where={"f.status": status, "f.is_history": "false"},
        count=f"status:{status}",
        is_due=is_due,
    )


def _mails(
    label: str, icon: str, state: str, *, count: str | None = None, is_due: bool = False
) -> Entry:
    return Entry(
        label=label,
        icon=icon,
        relation="mail.mail",
        where={"f.state": state},
        count=count,
        is_due=is_due,
    )


SIDEBAR = (
    Section(label="", entries=(Entry(label="ホーム | Home", icon="home", endpoint="Home.index"),)),
    Section(
        label="受注 | Orders",
        entries=(
            Entry(
                label="受注一覧 | All orders",
                icon="list-details",
                relation="sales.sales_order",
                count="orders",
            ),
            _orders("確認待ち | On hold", "hand-stop", "on_hold", is_due=True),
            _orders("入金待ち | Awaiting payment", "coin-yen", "awaiting_payment"),
            _orders("引当待ち | Awaiting stock", "box-off", "awaiting_stock"),
            _orders("出荷可能 | Ready to ship", "printer", "ready_to_ship"),
            Entry(
                label="要対応 | Inbox",
                icon="inbox",
                relation="transit.inbox",
                where={"f.is_open": "true"},
                count="inbox",
                is_due=True,
            ),
            Entry(
                label="受注ファイルの取込 | Import of order files",
                icon="file-import",
                endpoint="Imports.index",
                allowed=lambda: may("execute", "transit.file_import_ask"),
            ),
        ),
    ),
    Section(
        label="出荷 | Shipping",
        entries=(
            Entry(label="出荷 | Shipments", icon="truck", relation="shipping.shipment"),
            Entry(
                label="店舗への送信 | Told to shops",
                icon="transfer",
                relation="transit.push",
                where={"f.is_due": "true"},
                count="push",
            ),
        ),
    ),
    Section(
        label="在庫・商品 | Stock and products",
        entries=(
            Entry(label="在庫 | Stock", icon="layout-grid", relation="stock.stock_balance"),
            Entry(
                label="在庫変動履歴 | Stock ledger", icon="history", relation="stock.stock_entry"
            ),
            Entry(label="商品 | Products", icon="box", relation="catalog.product"),
            Entry(label="SKU | SKUs", icon="barcode", relation="catalog.sku"),
            Entry(label="出品 | Listings", icon="tag", relation="channel.listing"),
        ),
    ),
    Section(
        label="顧客・会計 | Customers and money",
        entries=(
            Entry(label="顧客 | Customers", icon="users", relation="customer.customer"),
            Entry(label="見積 | Quotations", icon="file-text", relation="sales.quotation"),
            Entry(label="入金 | Payments", icon="receipt-yen", relation="sales.payment"),
            Entry(
                label="発行済み帳票 | Issued documents",
                icon="receipt-yen",
                relation="document.issued_document",
            ),
            Entry(
                label="締め請求書 | Statements",
                icon="file-text",
                endpoint="Statements.index",
                allowed=lambda: may("execute", "document.statement_issue"),
            ),
        ),
    ),
    Section(
        label="メール | Mail",
        entries=(
            Entry(
                label="問い合わせ | Inquiries",
                icon="message",
                endpoint="Inquiries.index",
                count="inquiry:open",
                is_due=True,
                allowed=lambda: may("execute", "mail.inquiry_answer"),
            ),
            Entry(label="メール一覧 | All mails", icon="mail", relation="mail.mail"),
            _mails("送信待ち | Due", "clock", "due", count="mail:due"),
            _mails("結果不明 | Unknown", "help", "unknown", count="mail:unknown", is_due=True),
            # As many as wait for a person: what was sent again is done
            _mails(
                "送れない | Refused",
                "alert-octagon",
                "refused",
                count="inbox:mail_refused",
                is_due=True,
            ),
            Entry(label="一斉送信 | Mailings", icon="stack-2", relation="mail.mailing"),
            Entry(
                label="メールのひな形 | Mail templates",
                icon="file-text",
                relation="mail.mail_template",
                where={"f.ended_at.is": "empty"},
            ),
            Entry(label="送る規則 | Mail rules", icon="adjustments", relation="mail.mail_rule"),
            Entry(
                label="メール設定 | Mail accounts", icon="settings", relation="mail.mail_account"
            ),
        ),
    ),
    Section(
        label="設定 | Settings",
        entries=(
            Entry(label="店舗 | Shops", icon="building-store", relation="channel.shop"),
            Entry(
                label="検査 | Checks",
                icon="circle-check",
                relation="report.check_result",
                count="checks",
                is_due=True,
            ),
            Entry(
                label="帳票の様式 | Document templates",
                icon="file-text",
                endpoint="Forms.index",
                allowed=lambda: may("execute", "document.form_template_save"),
            ),
            Entry(
                label="人とログイン | People and logins",
                icon="user",
                endpoint="People.index",
                allowed=may_make_people,
            ),
            Entry(label="役割 | Roles", icon="shield-lock", endpoint="Roles.index"),
            Entry(
                label="独自の列と表 | Own columns and tables",
                icon="table-plus",
                endpoint="Own.index",
                allowed=lambda: may("execute", "staff.own_column_add"),
            ),
            Entry(label="操作ログ | Audit log", icon="clipboard-list", relation="staff.audit_log"),
            Entry(label="説明書 | Manual", icon="help", endpoint="Manual.index"),
        ),
    ),
)
