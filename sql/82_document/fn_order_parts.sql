create or replace function document.order_parts(p_sales_order_id bigint, p_is_net boolean)
    returns table (part_kind text, sales_order_line_id bigint, tax_rate numeric, quantity integer, amount numeric)
    language sql
    stable
    set search_path = ''
as $$
    with house as (
        select sales_order.tax_inclusive, currency.decimals::integer as decimals, base.setting_text('tax_rate_standard')::numeric as standard,
            p_is_net and sales_order.cancelled_at is not null as is_nothing
        from sales.sales_order as sales_order
        join base.currency as currency on currency.currency_code = sales_order.currency_code
        where sales_order.sales_order_id = p_sales_order_id
    ), good as (
        select line.sales_order_line_id, coalesce(line.tax_rate, house.standard) as rate, line.quantity_ordered, line.unit_price,
            line.unit_price * line.quantity_ordered as gross, coalesce(back.quantity, 0) as quantity_back, coalesce(back.amount, 0) as back
        from sales.sales_order_line as line
        cross join house
        left join lateral (
            select sum(cancellation.quantity)::integer as quantity, sum(cancellation.amount) as amount
            from sales.line_cancellation as cancellation
            where p_is_net and cancellation.sales_order_line_id = line.sales_order_line_id
        ) as back on true
        where line.sales_order_id = p_sales_order_id
    ), part as (
        select 'goods' as kind, good.sales_order_line_id, good.rate, good.quantity_ordered - good.quantity_back as quantity, good.gross - good.back as amount,
            good.gross as gross
        from good
        union all
        select fee.fee_kind, null, coalesce(fee.tax_rate, house.standard), null, sum(fee.amount), sum(fee.amount)
        from sales.sales_order_fee as fee
        cross join house
        where fee.sales_order_id = p_sales_order_id and (fee.fee_kind not in ('discount', 'coupon', 'points') or fee.is_shop_funded and fee.tax_rate is not null)
        group by fee.fee_kind, coalesce(fee.tax_rate, house.standard)
    ), gross as (
        select part.rate, sum(part.gross) as amount from part group by part.rate having sum(part.gross) <> 0
    ), off as (
        -- What the shop itself takes off, of no stated rate, is taken off each rate in proportion. What a mall pays is a payment.
        select coalesce(sum(fee.amount), 0) as amount
        from sales.sales_order_fee as fee
        where fee.sales_order_id = p_sales_order_id and fee.fee_kind in ('discount', 'coupon', 'points') and fee.is_shop_funded and fee.tax_rate is null
    ), shared as (
        select gross.rate, gross.amount, round(off.amount * gross.amount / sum(gross.amount) over (), house.decimals) as share, off.amount as off,
            row_number() over (order by gross.amount desc, gross.rate desc) as place
        from gross cross join off cross join house
    ), refund as (
        -- Where money was given back, that is what was given back, whatever the lines were worth.
        select -sum(payment.amount) as amount
        from sales.payment as payment
        left join sales.payment as voided on voided.payment_id = payment.voids_payment_id
        where p_is_net and payment.sales_order_id = p_sales_order_id
            and (payment.voids_payment_id is null and payment.amount < 0 or voided.amount < 0)
    ), back as (
        -- By the rates of what was taken back; a refund alone by those of the whole sale.
        select gross.rate, coalesce(sum(good.back), 0) * case when house.tax_inclusive then 1 else 1 + gross.rate end as back,
            gross.amount * case when house.tax_inclusive then 1 else 1 + gross.rate end as whole
        from gross
        cross join house
        left join good on good.rate = gross.rate
        group by gross.rate, gross.amount, house.tax_inclusive
    ), weighed as (
        select back.rate, sum(back.back) over () as back_in_all, case when sum(back.back) over () = 0 then back.whole else back.back end as weight
        from back
    ), beyond as (
        select weighed.rate, refund.amount - weighed.back_in_all as amount, weighed.weight,
            row_number() over (order by weighed.weight desc, weighed.rate desc) as place
        from weighed cross join refund
        where refund.amount > 0
    ), adjusted as (
        -- Without the tax where prices are; less than one unit of money is the rounding of the tax.
        select beyond.rate, beyond.place, round(-beyond.amount * beyond.weight / sum(beyond.weight) over ()
            / case when house.tax_inclusive then 1 else 1 + beyond.rate end, house.decimals) as share, beyond.amount,
            house.tax_inclusive
        from beyond cross join house
        where abs(beyond.amount) >= 10 ^ -house.decimals::numeric
    ), given as (
        select adjusted.rate, adjusted.share
            + case when adjusted.place = 1 and adjusted.tax_inclusive then -adjusted.amount - sum(adjusted.share) over () else 0 end as amount
        from adjusted
    ), taken as (
        -- What rounding left over goes to the largest.
        select shared.rate, shared.share + case when shared.place = 1 then shared.off - sum(shared.share) over () else 0 end as amount
        from shared
        where shared.off <> 0
    ), room as (
        -- No rate gives back more than was charged at it: where its goods came back, its share of what was taken off goes to what is left.
        select taken.rate, taken.amount,
            case when p_is_net then least(left_over.amount + taken.amount, 0) - least(left_over.amount, 0) else 0 end as beyond,
            greatest(left_over.amount + taken.amount, 0) as room,
            row_number() over (order by left_over.amount + taken.amount desc, taken.rate desc) as place
        from taken
        cross join lateral (
            select coalesce((select sum(part.amount) from part where part.rate = taken.rate), 0)
                + coalesce((select sum(given.amount) from given where given.rate = taken.rate), 0) as amount
        ) as left_over
    )
    select part.kind, part.sales_order_line_id, part.rate, part.quantity, part.amount
    from part cross join house
    where not house.is_nothing and (part.quantity > 0 or part.amount <> 0)
    union all
    select 'discount_shared', null, room.rate, null, room.amount - room.beyond
        + case when room.place = 1 then greatest(sum(room.beyond) over () - room.beyond, -room.room) else 0 end
    from room cross join house
    where not house.is_nothing
    union all
    select 'adjustment', null, given.rate, null, given.amount
    from given cross join house
    where not house.is_nothing and given.amount <> 0
$$;
comment on function document.order_parts(bigint, boolean) is
    '受注の金額の内訳。品目、料金、値引を税率ごとに。net なら取消と返金を引く。 | Parts of an order. Goods, fees and what is taken off, each at its tax rate; net of what was cancelled and given back when asked.';
