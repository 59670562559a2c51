create or replace function document.issued_facts(p_issued_document_id bigint)
    returns jsonb
    language sql
    stable
    set search_path = ''
as $$
    select page.page - 'lines' - 'tax_lines' - 'recipient' - 'buyer_name' || jsonb_build_object(
        'document_kind', issued.document_kind, 'document_no', issued.document_no, 'issued_on', issued.issued_on,
        'transaction_on', issued.transaction_on, 'is_qualified', issued.is_qualified, 'locale', issued.locale,
        'tax_inclusive', issued.tax_inclusive, 'addressee', coalesce(party.addressee, ''),
        'total', issued.total::text, 'tax_total', issued.tax_total::text, 'mall_paid', issued.mall_paid::text,
        'payment_label', method.label::text, 'base_currency', base.setting_text('base_currency'), 'exchange_rate', issued.exchange_rate::text,
        'original_no', coalesce(original.document_no, ''), 'original_on', original.issued_on, 'original_transaction_on', original.transaction_on,
        'lines', (
            select jsonb_agg(jsonb_build_object(
                'part_kind', part.part_kind,
                'name', case part.part_kind
                    when 'goods' then coalesce(nullif(line.line_name, ''), sku.sku_name, line.external_listing_no)
                    when 'discount_shared' then '値引 | Discount'
                    when 'adjustment' then '返金の調整 | Adjustment by refund'
                    else fee.label::text end,
                'option', coalesce(line.line_option, ''), 'code', coalesce(sku.sku_code, line.external_listing_no, ''),
                'quantity', part.quantity, 'unit_price', line.unit_price::text, 'amount', part.amount::text, 'tax_rate', part.tax_rate::text,
                'is_reduced', part.tax_rate = base.setting_text('tax_rate_reduced')::numeric
            ) order by part.line_no)
            from document.issued_line as part
            left join sales.sales_order_line as line on line.sales_order_line_id = part.sales_order_line_id
            left join catalog.sku as sku on sku.sku_id = line.sku_id
            left join sales.fee_kind as fee on fee.fee_kind = part.part_kind
            where part.issued_document_id = issued.issued_document_id
        ),
        'tax_lines', (
            select jsonb_agg(jsonb_build_object('tax_rate', rate.tax_rate::text, 'amount', rate.amount::text, 'tax', rate.tax::text,
                'tax_base', rate.tax_base::text) order by rate.tax_rate desc)
            from document.issued_tax_line as rate
            where rate.issued_document_id = issued.issued_document_id
        )
    )
    from document.issued_document as issued
    join document.issued_party as party on party.issued_document_id = issued.issued_document_id
    join sales.sales_order as sold on sold.sales_order_id = issued.sales_order_id
    join sales.payment_method as method on method.payment_method = sold.payment_method
    left join document.issued_document as original on original.issued_document_id = issued.original_id
    cross join lateral document.order_pages(array[issued.sales_order_id]) as page
    where issued.issued_document_id = p_issued_document_id
$$;
comment on function document.issued_facts(bigint) is
    '帳票に載る事実。発行の時に一度だけ読み、とっておく。 | What an issued document states. Read once, when it is issued, and kept.';
