create or replace function document.tax_lines(p_sales_order_id bigint)
    returns table (tax_rate numeric, amount numeric, tax numeric)
    language sql
    stable
    security definer
    set search_path = ''
as $$
    select part.tax_rate, sum(part.amount), document.tax_of(sum(part.amount), part.tax_rate, sales_order.tax_inclusive,
        currency.decimals::integer, base.setting_text('tax_rounding'))
    from sales.sales_order as sales_order
    join base.currency as currency on currency.currency_code = sales_order.currency_code
    cross join lateral document.order_parts(sales_order.sales_order_id, false) as part
    where sales_order.sales_order_id = p_sales_order_id and sales_order.shop_id = any((select access.shop_ids())::bigint[])
        and sales_order.warehouse_id = any((select access.warehouse_ids())::bigint[])
    group by part.tax_rate, sales_order.tax_inclusive, currency.decimals
    having sum(part.amount) filter (where part.part_kind <> 'discount_shared') <> 0
    order by part.tax_rate desc
$$;
comment on function document.tax_lines(bigint) is
    '税率ごとの対象額と消費税。端数は税率ごとに一度。 | Tax by rate. What is taxed at each rate and its tax, rounded once for each rate; taxed amounts hold the tax where prices do.';
