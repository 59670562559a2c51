create or replace function document.quotation_pages(p_quotation_ids bigint[])
    returns table (quotation_id bigint, page jsonb)
    language sql
    stable
    set search_path = ''
as $$
    select quotation.quotation_id, jsonb_build_object(
        'locale', coalesce(sender.locale, case when shop.currency_code = 'JPY' then 'ja' else 'en' end), 'order_no', quotation.quotation_no,
        'shop_id', quotation.shop_id, 'shop_name', shop.shop_name, 'is_draft', quotation.state = 'draft',
        'issued_on', coalesce(quotation.issued_on, base.today()), 'valid_until', quotation.valid_until,
        'delivery_terms', quotation.delivery_terms, 'payment_terms', quotation.payment_terms, 'note', coalesce(party.note, ''),
        'currency_code', quotation.currency_code, 'tax_inclusive', quotation.tax_inclusive, 'reduced_rate', base.setting_text('tax_rate_reduced'),
        'total', coalesce(quotation.total, totals.total)::text, 'tax_total', totals.tax_total::text,
        'addressee', jsonb_build_object(
            'company', coalesce(party.company, ''), 'name', coalesce(party.person_name, ''), 'postal_code', coalesce(party.postal_code, ''),
            'region', coalesce(party.region, ''), 'address_line1', coalesce(party.address_line1, ''), 'address_line2', coalesce(party.address_line2, '')
        ),
        'sender', jsonb_build_object(
            'name', coalesce(sender.sender_name, shop.shop_name), 'registration_no', coalesce(sender.invoice_registration_no, ''),
            'postal_code', coalesce(sender.postal_code, ''), 'address', coalesce(sender.address, ''), 'phone', coalesce(sender.phone, ''),
            'email', coalesce(sender.email, '')
        ),
        'lines', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'name', line.line_title, 'code', coalesce(sku.sku_code, ''), 'quantity', line.quantity, 'unit_price', line.unit_price::text,
                'amount', line.amount::text, 'tax_rate', line.tax_rate::text,
                'is_reduced', line.tax_rate = base.setting_text('tax_rate_reduced')::numeric
            ) order by line.line_no), '[]')
            from sales.quotation_line as line
            left join catalog.sku as sku on sku.sku_id = line.sku_id
            where line.quotation_id = quotation.quotation_id
        ),
        'tax_lines', (
            select coalesce(jsonb_agg(jsonb_build_object('tax_rate', rate.tax_rate::text, 'amount', rate.amount::text, 'tax', rate.tax::text)
                order by rate.tax_rate desc), '[]')
            from document.quotation_tax_lines(quotation.quotation_id) as rate
        )
    )
    from sales.quotation as quotation
    join channel.shop as shop on shop.shop_id = quotation.shop_id
    left join sales.quotation_party as party on party.quotation_id = quotation.quotation_id
    left join document.sender as sender on sender.shop_id = quotation.shop_id
    cross join lateral document.quotation_totals(quotation.quotation_id) as totals
    where quotation.quotation_id = any(p_quotation_ids)
    order by array_position(p_quotation_ids, quotation.quotation_id)
$$;
comment on function document.quotation_pages(bigint[]) is
    '見積書に載ること。聞く人が見てよいものだけ。頼まれた順。 | What quotations say. Only what who asks may read, in the order asked for; amounts are exact numbers as text.';
