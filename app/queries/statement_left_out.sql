-- Credit sales that left of late and that nobody will be billed for: without credit terms, and without an invoice of their own.
select count(*) as orders
from sales.sales_order as sold
where sold.payment_method = 'credit_sale' and sold.shipped_at > now() - interval '100 days' and not sold.is_history and sold.paid_at is null
    and not exists (select from customer.credit_term as term where term.customer_id = sold.customer_id and term.is_on)
    and not exists (
        select from document.issued_document as issued
        where issued.sales_order_id = sold.sales_order_id and issued.family = 'invoice'
            and not exists (select from document.issued_void as void where void.issued_document_id = issued.issued_document_id)
    )
