"""Issued documents and what they are made by."""

from app.fab.screen import Screen

SCREENS = {
    "document.issued_document": Screen(
        columns=(
            "document_no",
            "document_kind",
            "issued_on",
            "transaction_on",
            "document.issued_party.addressee",
            "total",
            "currency_code",
            "shop_id",
            "sales_order_id",
            "report.issued_document.is_void",
            "report.issued_document.copies",
        ),
        inside=("document_no", "document_kind", "issued_on", "total"),
        wide="document.issued_party.addressee",
        phone=("document_no", "total", "document.issued_party.addressee", "issued_on"),
        facets=("document_kind", "shop_id", "issued_on", "transaction_on", "is_qualified"),
        searches="番号・宛名でさがす | Numbers, addressees",
        empty='受注の「帳票」から請求書や領収書を作ると、ここに入ります。 | Invoices and receipts that are made by the button "Documents" of orders come here.',
        order=("issued_at", "desc"),
        actions=("document.document_void",),
        one_by_one=("document.document_void",),
        takers=(
            ("写しを印刷 | Print copies", "printer", "Documents.copies", "document.document_issue"),
            (
                "ファイルを書き出す | Export files",
                "download",
                "Documents.files",
                "document.document_issue",
            ),
        ),
        facts=(
            "document_kind",
            "issued_on",
            "transaction_on",
            "shop_id",
            "sales_order_id",
            "customer_id",
            "issuer",
            "is_qualified",
            "original_id",
            "issued_at",
            "account_id",
        ),
        sums=("tax_total", "mall_paid", "total"),
        children=(
            ("document.issued_line", "issued_document_id"),
            ("document.issued_tax_line", "issued_document_id"),
            ("document.issued_copy", "issued_document_id"),
            ("document.issued_party", "issued_document_id"),
            ("document.issued_void", "issued_document_id"),
            ("document.issued_statement", "issued_document_id"),
            ("document.issued_statement_order", "issued_document_id"),
        ),
    ),
    "document.issued_copy": Screen(
        columns=("issued_document_id", "copy_no", "copy_act", "made_at", "account_id", "mail_id"),
        inside=("copy_no", "copy_act", "made_at", "account_id", "mail_id"),
        order=("made_at", "desc"),
    ),
    "document.issued_line": Screen(
        inside=("part_kind", "sales_order_line_id", "quantity", "tax_rate", "amount")
    ),
    "document.issued_statement": Screen(
        inside=(
            "begins_on",
            "closes_on",
            "payment_on",
            "previous_due",
            "received",
            "carried_over",
            "sales",
            "invoiced_before",
            "due",
        )
    ),
    "document.issued_statement_order": Screen(
        inside=("issued_document_id", "sales_order_id", "amount", "original_id", "earlier_id")
    ),
    "document.issued_statement_payment": Screen(inside=("payment_id", "amount")),
    "document.issued_tax_line": Screen(inside=("tax_rate", "amount", "tax", "tax_base")),
    "document.issued_party": Screen(inside=("addressee", "forgotten_at")),
    "document.issued_void": Screen(inside=("void_reason", "voided_at", "account_id")),
}
