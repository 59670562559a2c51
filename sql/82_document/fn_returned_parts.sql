create or replace function document.returned_parts(p_original_id bigint)
    returns table (part_kind text, sales_order_line_id bigint, tax_rate numeric, quantity integer, amount numeric)
    language sql
    stable
    set search_path = ''
as $$
    -- What was invoiced, less what was returned before, less what is left of the order: that is given back now.
    select said.part_kind, said.sales_order_line_id, said.tax_rate, nullif(sum(said.quantity), 0)::integer, sum(said.amount)
    from document.issued_document as original
    cross join lateral (
        select line.part_kind::text, line.sales_order_line_id, line.tax_rate, line.quantity, line.amount
        from document.issued_line as line
        where line.issued_document_id = original.issued_document_id
        union all
        select line.part_kind::text, line.sales_order_line_id, line.tax_rate, -line.quantity, -line.amount
        from document.issued_live(original.sales_order_id, 'return') as earlier
        join document.issued_line as line on line.issued_document_id = earlier.issued_document_id
        where earlier.original_id = original.issued_document_id
        union all
        select part.part_kind, part.sales_order_line_id, part.tax_rate, -part.quantity, -part.amount
        from document.order_parts(original.sales_order_id, true) as part
    ) as said
    where original.issued_document_id = p_original_id
    group by said.part_kind, said.sales_order_line_id, said.tax_rate
    having sum(said.amount) <> 0 or sum(said.quantity) <> 0
$$;
comment on function document.returned_parts(bigint) is
    '返したもの。請求書のうち、取消や返金でなくなり、まだ返還請求書にないもの。 | What was given back of an invoice by cancellation or refund, and is on no return invoice yet.';
