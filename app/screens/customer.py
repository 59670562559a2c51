"""Customers: who they are and what they ordered, on one page."""

from app.fab.screen import Screen

SCREENS = {
    "customer.customer": Screen(
        columns=(
            "customer_id",
            "customer.customer_party.customer_name",
            "customer.customer_party.company",
            "customer.customer_party.phone",
            "customer.customer_party.email",
            "first_seen_at",
            "forgotten_at",
        ),
        actions=("mail.consent_set", "mail.address_clear"),
        facts=("customer_id", "first_seen_at", "forgotten_at"),
        children=(
            ("sales.sales_order", "customer_id"),
            ("customer.customer_party", "customer_id"),
            ("customer.credit_term", "customer_id"),
            ("mail.consent", "customer_id"),
            ("mail.dead_address", "customer_id"),
        ),
    ),
    "customer.credit_term": Screen(
        columns=(
            "customer_id",
            "closing_day",
            "payment_months",
            "payment_day",
            "starts_on",
            "is_on",
        ),
        inside=("closing_day", "payment_months", "payment_day", "starts_on", "is_on"),
        facets=("closing_day", "is_on"),
        empty="月ごとにまとめて請求する顧客の締日と支払日をここに入れます。 | Closing and payment days of customers who are billed once a month go here.",
        order=("customer_id", "asc"),
    ),
    "customer.customer_party": Screen(
        block=(
            ("customer_name",),
            ("customer_kana",),
            ("postal_code", "region", "address_line1", "address_line2"),
            ("company",),
            ("phone",),
        ),
        inside=(
            "customer_name",
            "customer_kana",
            "company",
            "phone",
            "email",
            "postal_code",
            "region",
            "address_line1",
            "address_line2",
        ),
    ),
}
