create or replace function document.invoice_no(p_sales_order_id bigint)
    returns text
    language sql
    stable
    security definer
    set search_path = ''
as $$
    -- The number alone, for who packs and may not read invoices.
    select issued.document_no
    from document.issued_live(p_sales_order_id, 'invoice') as issued
    join sales.sales_order as sales_order on sales_order.sales_order_id = issued.sales_order_id
    where sales_order.shop_id = any((select access.shop_ids())::bigint[]) and sales_order.warehouse_id = any((select access.warehouse_ids())::bigint[])
    order by issued.issued_document_id desc
    limit 1
$$;
comment on function document.invoice_no(bigint) is '受注の請求書の番号。発行していなければ null。 | Number of an order''s invoice; null when none was issued.';
