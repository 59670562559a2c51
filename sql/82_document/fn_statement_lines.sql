create or replace function document.statement_lines(p_issued_document_id bigint, p_sales_order_id bigint)
    returns jsonb
    language sql
    stable
    set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'part_kind', part.part_kind,
        'name', case part.part_kind
            when 'goods' then coalesce(nullif(line.line_name, ''), sku.sku_name, line.external_listing_no)
            when 'discount_shared' then '値引 | Discount'
            when 'adjustment' then '返金の調整 | Adjustment by refund'
            else fee.label::text end,
        'option', coalesce(line.line_option, ''), 'quantity', part.quantity, 'unit_price', line.unit_price::text, 'amount', part.amount::text,
        'tax_rate', part.tax_rate::text, 'is_reduced', part.tax_rate = base.setting_text('tax_rate_reduced')::numeric
    ) order by part.line_no), '[]')
    from document.issued_line as part
    left join sales.sales_order_line as line on line.sales_order_line_id = part.sales_order_line_id
    left join catalog.sku as sku on sku.sku_id = line.sku_id
    left join sales.fee_kind as fee on fee.fee_kind = part.part_kind
    where part.issued_document_id = p_issued_document_id and part.sales_order_id = p_sales_order_id
$$;
comment on function document.statement_lines(bigint, bigint) is
    '締め請求書の一つの受注の明細。 | Lines of one order on a statement.';
