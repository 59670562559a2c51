-- An order of a shop by its number, without one the newest of which a document of this kind can be shown.
select sales_order.sales_order_id, sales_order.order_no
from sales.sales_order as sales_order
where sales_order.shop_id = :shop_id and case
    when :order_no <> '' then sales_order.order_no = :order_no or sales_order.external_order_no = :order_no
    when :document_kind = 'return_invoice' then sales_order.sales_order_id = any(array(
        select issued.sales_order_id
        from document.issued_document as issued
        where issued.shop_id = :shop_id and issued.document_kind = 'return_invoice'
        order by issued.issued_document_id desc
        limit 1
    ))
    when :document_kind = 'receipt' then sales_order.cancelled_at is null and sales_order.paid_at is not null
    else sales_order.cancelled_at is null and sales_order.shipped_at is not null
end
order by sales_order.ordered_at desc, sales_order.sales_order_id desc
limit 1
