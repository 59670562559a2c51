create or replace function document.tax_lines(p_sales_order_id bigint)
    returns table (tax_rate numeric, amount numeric, tax numeric)
    language sql
    stable
    set search_path = ''
as $$
    with house as (
        select sales_order.tax_inclusive, currency.decimals::integer as decimals, base.setting_text('tax_rounding') as way,
            base.setting_text('tax_rate_standard')::numeric as standard
        from sales.sales_order as sales_order
        join base.currency as currency on currency.currency_code = sales_order.currency_code
        where sales_order.sales_order_id = p_sales_order_id
    ), part as (
        select coalesce(line.tax_rate, house.standard) as rate, line.unit_price * line.quantity_ordered as amount
        from sales.sales_order_line as line
        cross join house
        where line.sales_order_id = p_sales_order_id
        union all
        select coalesce(fee.tax_rate, house.standard), fee.amount
        from sales.sales_order_fee as fee
        cross join house
        where fee.sales_order_id = p_sales_order_id and (fee.fee_kind not in ('discount', 'coupon', 'points') or fee.is_shop_funded and fee.tax_rate is not null)
    ), gross as (
        select part.rate, sum(part.amount) as amount from part group by part.rate having sum(part.amount) <> 0
    ), off as (
        -- What the shop itself takes off, of no stated rate, is taken off each rate in proportion. What a mall pays is a payment.
        select coalesce(sum(fee.amount), 0) as amount
        from sales.sales_order_fee as fee
        where fee.sales_order_id = p_sales_order_id and fee.fee_kind in ('discount', 'coupon', 'points') and fee.is_shop_funded and fee.tax_rate is null
    ), shared as (
        select gross.rate, gross.amount, round(off.amount * gross.amount / sum(gross.amount) over (), house.decimals) as share, off.amount as off,
            row_number() over (order by gross.amount desc, gross.rate desc) as place
        from gross cross join off cross join house
    ), net as (
        -- What rounding left over goes to the largest.
        select shared.rate, shared.amount + shared.share
            + case when shared.place = 1 then shared.off - sum(shared.share) over () else 0 end as amount
        from shared
    )
    select net.rate, net.amount,
        document.rounded(net.amount * net.rate / case when house.tax_inclusive then 1 + net.rate else 1 end, house.decimals, house.way)
    from net cross join house
    order by net.rate desc
$$;
comment on function document.tax_lines(bigint) is
    '税率ごとの対象額と消費税。端数は税率ごとに一度。 | Tax by rate. What is taxed at each rate and its tax, rounded once for each rate; taxed amounts hold the tax where prices do.';
