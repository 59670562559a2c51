create or replace function document.order_pages(p_sales_order_ids bigint[])
    returns table (sales_order_id bigint, page jsonb)
    language sql
    stable
    set search_path = ''
as $$
    -- With the rights of who asks: a document says nothing that its reader may not read.
    select sales_order.sales_order_id, jsonb_build_object(
        'locale', coalesce(sender.locale, case when shop.currency_code = 'JPY' then 'ja' else 'en' end), 'order_no', sales_order.order_no,
        'external_order_no', sales_order.external_order_no, 'shop_id', sales_order.shop_id, 'shop_name', shop.shop_name,
        'reduced_rate', base.setting_text('tax_rate_reduced'),
        -- What comes on top where prices are without tax: as the shop charged it, else as it is computed
        'tax_on_top', case when sales_order.tax_inclusive then '0' else coalesce(sales_order.tax_total, tax.total)::text end,
        'ordered_at', sales_order.ordered_at, 'is_gift', sales_order.is_gift, 'tax_inclusive', sales_order.tax_inclusive,
        'currency_code', sales_order.currency_code, 'requested_delivery_on', sales_order.requested_delivery_on,
        'delivery_time_slot', coalesce(sales_order.delivery_time_slot, ''), 'payment_method', sales_order.payment_method,
        'item_total', sales_order.item_total::text, 'shipping_fee', sales_order.shipping_fee::text, 'fee_total', sales_order.fee_total::text,
        'discount_total', sales_order.discount_total::text, 'points_used', sales_order.points_used::text,
        'total', coalesce(sales_order.total, sales_order.total_computed)::text,
        'buyer_name', coalesce(party.buyer_name, ''),
        'recipient', jsonb_build_object(
            'name', coalesce(party.recipient_name, ''), 'company', coalesce(party.recipient_company, ''),
            'postal_code', coalesce(party.recipient_postal_code, ''), 'region', coalesce(party.recipient_region, ''),
            'address_line1', coalesce(party.recipient_address_line1, ''), 'address_line2', coalesce(party.recipient_address_line2, ''),
            'country_code', coalesce(party.recipient_country_code, '')
        ),
        'sender', jsonb_build_object(
            'name', coalesce(sender.sender_name, shop.shop_name), 'registration_no', coalesce(sender.invoice_registration_no, ''),
            'postal_code', coalesce(sender.postal_code, ''), 'address', coalesce(sender.address, ''), 'phone', coalesce(sender.phone, ''),
            'email', coalesce(sender.email, ''), 'greeting', coalesce(sender.greeting, ''), 'note', coalesce(sender.note, '')
        ),
        'lines', line.lines,
        'tax_lines', tax.lines
    )
    from sales.sales_order as sales_order
    join channel.shop as shop on shop.shop_id = sales_order.shop_id
    left join sales.sales_order_party as party on party.sales_order_id = sales_order.sales_order_id
    left join document.sender as sender on sender.shop_id = sales_order.shop_id
    cross join lateral (
        select coalesce(sum(one.tax), 0) as total, coalesce(jsonb_agg(jsonb_build_object('tax_rate', one.tax_rate::text, 'amount', one.amount::text,
            'tax', one.tax::text) order by one.tax_rate desc), '[]') as lines
        from document.tax_lines(sales_order.sales_order_id) as one
    ) as tax
    cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_object(
            'name', coalesce(nullif(one.line_name, ''), sku.sku_name, one.external_listing_no), 'option', coalesce(one.line_option, ''),
            'code', coalesce(sku.sku_code, one.external_listing_no), 'gtin', coalesce(sku.gtin, ''), 'quantity', one.quantity_ordered,
            'unit_price', one.unit_price::text, 'amount', (one.unit_price * one.quantity_ordered)::text, 'is_reduced', coalesce(one.tax_rate = base.setting_text('tax_rate_reduced')::numeric, false)
        ) order by one.line_no, one.sales_order_line_id), '[]') as lines
        from sales.sales_order_line as one
        left join catalog.sku as sku on sku.sku_id = one.sku_id
        where one.sales_order_id = sales_order.sales_order_id and one.quantity_ordered > 0
    ) as line
    where sales_order.sales_order_id = any(p_sales_order_ids)
    order by array_position(p_sales_order_ids, sales_order.sales_order_id)
$$;
comment on function document.order_pages(bigint[]) is
    '受注の帳票に載ること。聞く人が見てよいものだけ。頼まれた順。 | What documents of orders say. Only what who asks may read, in the order asked for; amounts are exact numbers as text.';
