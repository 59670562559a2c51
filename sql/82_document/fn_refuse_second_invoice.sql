create or replace function document.refuse_second_invoice()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_order_no text;
    v_document_no text;
begin
    -- It looks at everything, whoever issues: a document out of scope invoices its order all the same.
    select sold.order_no, stood.document_no into v_order_no, v_document_no
    from (
        select stated.sales_order_id, other.document_no, other.issued_document_id
        from document.issued_statement_order as stated
        join document.issued_document as other on other.issued_document_id = stated.issued_document_id
        where stated.sales_order_id = new.sales_order_id and stated.statement_part is not null
            and (tg_table_name = 'issued_statement_order' or stated.original_id is null)
        union all
        select other.sales_order_id, other.document_no, other.issued_document_id
        from document.issued_document as other
        where other.sales_order_id = new.sales_order_id and other.family = 'invoice' and tg_table_name = 'issued_statement_order'
            and new.original_id is null
    ) as stood
    join sales.sales_order as sold on sold.sales_order_id = stood.sales_order_id
    where stood.issued_document_id <> new.issued_document_id
        and not exists (select from document.issued_void as void where void.issued_document_id = stood.issued_document_id)
    limit 1;
    if v_document_no is not null then
        raise exception '受注 % はすでに % にあります。 | Order % is on % already.', v_order_no, v_document_no, v_order_no, v_document_no
            using errcode = 'DC010', hint = '一つの受注を二度は請求しません。発行済み帳票から写しを印刷するか、先に取り消します。 | No order is invoiced twice. Print a copy from the issued documents, or void that one first.';
    end if;
    return null;
end;
$$;
comment on function document.refuse_second_invoice() is
    '一つの受注を、請求書と締め請求書で二度請求させない。 | Refuse to invoice an order twice, by itself and on a statement.';
