create or replace function mail.links_of(p_sales_order_id bigint)
    returns table (link_name text, url text)
    language sql
    stable
    set search_path = ''
as $$
    -- With the rights of who asks: who may not see people gets no link that names one.
    select template.link_name,
        replace(replace(replace(replace(template.url, '{email}', mail.percent_encoded(coalesce(party.buyer_email, ''))),
            '{order_no}', mail.percent_encoded(sales_order.order_no)), '{shop_order_no}', mail.percent_encoded(sales_order.external_order_no)),
            '{customer_id}', coalesce(sales_order.customer_id::text, ''))
    from sales.sales_order as sales_order
    join mail.link_template as template on template.is_on and (template.shop_id is null or template.shop_id = sales_order.shop_id)
    left join sales.sales_order_party as party on party.sales_order_id = sales_order.sales_order_id
    where sales_order.sales_order_id = p_sales_order_id
        and (strpos(template.url, '{email}') = 0 or coalesce(party.buyer_email, '') <> '')
    order by template.link_template_id
$$;
comment on function mail.links_of(bigint) is '受注から開く窓口のリンク。 | Links from an order to help desks, filled in.';
