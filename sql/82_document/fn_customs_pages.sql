create or replace function document.customs_pages(p_sales_order_ids bigint[])
    returns table (sales_order_id bigint, page jsonb)
    language sql
    stable
    set search_path = ''
as $$
    select page.sales_order_id, page.page || jsonb_build_object('customs', jsonb_build_object(
        'home_country', base.setting_text('home_country'),
        'sender_name', coalesce(nullif(sender.english_name, ''), page.page -> 'sender' ->> 'name'),
        'sender_address', coalesce(nullif(sender.english_address, ''), page.page -> 'sender' ->> 'address'),
        'recipient_phone', coalesce(party.recipient_phone, ''),
        -- The buyer's mail is no business of who gets a present
        'recipient_email', case when party.buyer_name = party.recipient_name then coalesce(party.buyer_email, '') else '' end,
        'lines', line.lines, 'total', line.total::text, 'weight_g', line.weight_g,
        -- At the rate that was fixed on acceptance; where none was known the larger form is never wrong
        'is_small', coalesce(line.total * case when sales_order.currency_code = base.setting_text('base_currency') then 1
            else sales_order.total_base / nullif(sales_order.total, 0) end < base.setting_text('customs_small_value')::numeric, false),
        'invoice_no', coalesce(document.invoice_no(page.sales_order_id), '')
    ))
    from document.order_pages(p_sales_order_ids) as page
    join sales.sales_order as sales_order on sales_order.sales_order_id = page.sales_order_id
    left join sales.sales_order_party as party on party.sales_order_id = page.sales_order_id
    left join document.sender as sender on sender.shop_id = sales_order.shop_id
    cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_object('name', one.line_name, 'code', coalesce(one.sku_code, ''), 'quantity', one.quantity,
            'weight_g', one.weight_g, 'amount', one.amount::text, 'description', coalesce(one.description, ''), 'hs_code', coalesce(one.hs_code, ''),
            'origin', coalesce(one.origin_country_code, ''))), '[]') as lines,
            coalesce(sum(one.amount), 0) as total, coalesce(sum(one.weight_g), 0) as weight_g
        from document.customs_lines(page.sales_order_id) as one
    ) as line
    order by array_position(p_sales_order_ids, page.sales_order_id)
$$;
comment on function document.customs_pages(bigint[]) is
    '税関告知書に載ること。受注の帳票に載ることと、通関の明細。 | What customs forms say. What documents of orders say, and the lines of customs.';
