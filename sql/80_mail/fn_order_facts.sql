create or replace function mail.order_facts(p_sales_order_ids bigint[])
    returns table (sales_order_id bigint, facts jsonb)
    language sql
    stable
    set search_path = ''
as $$
    -- What a document says of the order, and what only mails say.
    select page.sales_order_id, page.page || jsonb_build_object(
        'shop_id', sales_order.shop_id, 'customer_id', sales_order.customer_id,
        'buyer_email', coalesce(party.buyer_email, ''), 'buyer_company', coalesce(party.buyer_company, ''),
        'payment_label', method.label, 'ship_not_before', sales_order.ship_not_before,
        'paid', coalesce(paid.paid, 0)::text, 'refunded', coalesce(paid.refunded, 0)::text,
        'mail_rules', channel.mail_rules, 'shop_name', shop.shop_name,
        'shipments', coalesce(sent.shipments, '[]')
    )
    from document.order_pages(p_sales_order_ids) as page
    join sales.sales_order as sales_order on sales_order.sales_order_id = page.sales_order_id
    join channel.shop as shop on shop.shop_id = sales_order.shop_id
    join channel.channel as channel on channel.channel_code = shop.channel_code
    join sales.payment_method as method on method.payment_method = sales_order.payment_method
    left join sales.sales_order_party as party on party.sales_order_id = sales_order.sales_order_id
    left join lateral (
        select sum(payment.amount) as paid, -sum(payment.amount) filter (where payment.amount < 0 and payment.voids_payment_id is null) as refunded
        from sales.payment as payment
        where payment.sales_order_id = sales_order.sales_order_id
    ) as paid on true
    left join lateral (
        select jsonb_agg(jsonb_build_object('carrier', carrier.label, 'tracking_no', shipment.tracking_no, 'shipped_at', shipment.shipped_at)
            order by shipment.shipment_id) as shipments
        from shipping.shipment as shipment
        join shipping.carrier as carrier on carrier.carrier_code = shipment.carrier_code
        where shipment.sales_order_id = sales_order.sales_order_id
    ) as sent on true
$$;
comment on function mail.order_facts(bigint[]) is
    'メールに載ること。受注ごとに。聞く人が見てよいものだけ。 | What mails of orders say. Only what who asks may read; amounts are exact numbers as text.';
