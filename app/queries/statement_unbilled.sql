-- Orders that a statement counts as invoiced before and whose invoice was voided since: nothing bills them until it is made anew.
select sold.sales_order_id, sold.order_no, original.document_no as invoice_no, statement.document_no as statement_no
from document.issued_statement_order as stood
join document.issued_void as void on void.issued_document_id = stood.original_id
join document.issued_document as original on original.issued_document_id = stood.original_id
join document.issued_document as statement on statement.issued_document_id = stood.issued_document_id
join sales.sales_order as sold on sold.sales_order_id = stood.sales_order_id and sold.cancelled_at is null
where stood.statement_part is not null
    and not exists (select from document.issued_void as gone where gone.issued_document_id = stood.issued_document_id)
    and not exists (
        select from document.issued_document as issued
        where issued.sales_order_id = sold.sales_order_id and issued.family = 'invoice'
            and not exists (select from document.issued_void as gone where gone.issued_document_id = issued.issued_document_id)
    )
order by stood.issued_document_id desc, sold.sales_order_id
limit 21
