create or replace function document.charge(p_sales_order_id bigint, p_is_net boolean, p_way text default null)
    returns numeric
    language sql
    stable
    set search_path = ''
as $$
    select coalesce(sum(rate.amount + case when sales_order.tax_inclusive then 0 else document.tax_of(rate.amount, rate.tax_rate, false,
        currency.decimals::integer, coalesce(p_way, base.setting_text('tax_rounding'))) end), 0) - document.mall_paid(p_sales_order_id)
    from sales.sales_order as sales_order
    join base.currency as currency on currency.currency_code = sales_order.currency_code
    cross join lateral (
        select part.tax_rate, sum(part.amount) as amount
        from document.order_parts(sales_order.sales_order_id, p_is_net) as part
        group by part.tax_rate
    ) as rate
    where sales_order.sales_order_id = p_sales_order_id
$$;
comment on function document.charge(bigint, boolean, text) is
    '買い手が払う額。内訳と税の和からモール負担を引く。 | What the buyer pays. Its parts and their tax, less what the mall pays.';
