create or replace function document.issued_live(p_sales_order_id bigint, p_family text)
    returns setof document.issued_document
    language sql
    stable
    set search_path = ''
as $$
    select issued.*
    from document.issued_document as issued
    where issued.sales_order_id = p_sales_order_id and issued.family = p_family
        and not exists (select from document.issued_void as void where void.issued_document_id = issued.issued_document_id)
$$;
comment on function document.issued_live(bigint, text) is
    '取り消していない帳票。受注と系統の。 | Documents of an order and family that were not voided.';
