-- Whose account is to be closed on a day, with what it comes to.
select due.customer_id, due.issuer, due.currency_code, due.tax_inclusive, due.addressee, due.orders, due.previous_due, due.received, due.sales,
    due.invoiced_before, due.due, due.payment_on
from document.statements_due(:closes_on) as due
