create or replace function document.statement_sums(
    p_parts jsonb, p_currency_code text, p_tax_inclusive boolean, p_way text, p_exchange_rate numeric
)
    returns table (rates jsonb, total numeric, tax_total numeric, mall_paid numeric, invoiced_before numeric, orders integer)
    language sql
    stable
    set search_path = ''
as $$
    with part as (
        select one.* from jsonb_to_recordset(p_parts) as one (sales_order_id bigint, earlier_id bigint, part_kind text, tax_rate numeric, amount numeric)
    ), rate as (
        select part.tax_rate, sum(part.amount) as amount,
            document.tax_of(sum(part.amount), part.tax_rate, p_tax_inclusive, currency.decimals::integer, p_way) as tax,
            document.tax_of(sum(part.amount) * p_exchange_rate, part.tax_rate, p_tax_inclusive, money.decimals::integer, p_way) as tax_base
        from part
        join base.currency as currency on currency.currency_code = p_currency_code
        join base.currency as money on money.currency_code = base.setting_text('base_currency')
        where part.tax_rate is not null
        group by part.tax_rate, currency.decimals, money.decimals
        having sum(part.amount) <> 0
    )
    select (select jsonb_agg(to_jsonb(rate) order by rate.tax_rate desc) from rate),
        coalesce((select sum(rate.amount) + case when p_tax_inclusive then 0 else sum(rate.tax) end from rate), 0),
        coalesce((select sum(rate.tax) from rate), 0),
        coalesce(-sum(part.amount) filter (where part.part_kind = 'mall_paid'), 0),
        coalesce(sum(part.amount) filter (where part.part_kind = 'invoiced_before'), 0),
        count(distinct part.sales_order_id) filter (where part.earlier_id is null)::integer
    from part
$$;
comment on function document.statement_sums(jsonb, text, boolean, text, numeric) is
    '内訳の和。税率ごとの額と税。端数は税率ごとに一度。 | Sums of parts. Amount and tax by rate, rounded once for each rate over all orders.';
