create or replace function document.customs_lines(p_sales_order_id bigint)
    returns table (line_name text, sku_code text, quantity bigint, weight_g bigint, amount numeric, description text, hs_code text, origin_country_code text)
    language sql
    stable
    security definer
    set search_path = ''
as $$
    with house as (
        select sales_order.sales_order_id, currency.decimals::integer as decimals
        from sales.sales_order as sales_order
        join base.currency as currency on currency.currency_code = sales_order.currency_code
        where sales_order.sales_order_id = p_sales_order_id and sales_order.shop_id = any((select access.shop_ids())::bigint[])
            and sales_order.warehouse_id = any((select access.warehouse_ids())::bigint[])
    ), part as (
        select one.* from house cross join lateral document.order_parts(house.sales_order_id, true) as one
    ), off as (
        -- What the shop takes off makes the goods cheaper; what a mall pays does not.
        select coalesce(sum(part.amount), 0) as amount from part
        where part.part_kind in ('discount', 'coupon', 'points', 'discount_shared', 'adjustment')
    ), good as (
        select part.sales_order_line_id, part.quantity, part.amount, off.amount as off, house.decimals,
            round(off.amount * part.amount / nullif(sum(part.amount) over (), 0), house.decimals) as share,
            row_number() over (order by part.amount desc, part.sales_order_line_id) as place
        from part cross join off cross join house
        where part.part_kind = 'goods' and part.quantity > 0
    ), paid as (
        -- What rounding left over goes to the largest.
        select good.sales_order_line_id, good.quantity, good.decimals, good.amount + coalesce(good.share, 0)
            + case when good.place = 1 then good.off - coalesce(sum(good.share) over (), 0) else 0 end as amount
        from good
    ), piece as (
        -- A bundle that is described is declared as itself, else by its parts.
        select paid.sales_order_line_id, paid.amount, paid.decimals, component.sku_id, paid.quantity::bigint * component.quantity as quantity
        from paid
        join sales.sales_order_line as line on line.sales_order_line_id = paid.sales_order_line_id
        join catalog.bundle_component as component on component.bundle_sku_id = line.sku_id
        where not exists (select from catalog.sku_customs as customs where customs.sku_id = line.sku_id)
        union all
        select paid.sales_order_line_id, paid.amount, paid.decimals, line.sku_id, paid.quantity
        from paid
        join sales.sales_order_line as line on line.sales_order_line_id = paid.sales_order_line_id
        where exists (select from catalog.sku_customs as customs where customs.sku_id = line.sku_id)
            or not exists (select from catalog.bundle_component as component where component.bundle_sku_id = line.sku_id)
    ), weighed as (
        -- The parts share the price by their list prices, or by their number where one has none.
        select piece.*, piece.quantity * case when bool_and(coalesce(sku.list_price, 0) > 0) over line then sku.list_price else 1 end as weight,
            row_number() over (partition by piece.sales_order_line_id
                order by piece.quantity * coalesce(sku.list_price, 1) desc, piece.sku_id) as place
        from piece
        left join catalog.sku as sku on sku.sku_id = piece.sku_id
        window line as (partition by piece.sales_order_line_id)
    ), shared as (
        select weighed.*, round(weighed.amount * weighed.weight / sum(weighed.weight) over line, weighed.decimals) as share
        from weighed
        window line as (partition by weighed.sales_order_line_id)
    ), valued as (
        select shared.*, shared.share + case when shared.place = 1 then shared.amount - sum(shared.share) over line else 0 end as worth
        from shared
        window line as (partition by shared.sales_order_line_id)
    )
    select coalesce(sku.sku_name, nullif(line.line_name, ''), line.external_listing_no), sku.sku_code, valued.quantity,
        valued.quantity * nullif(sku.weight_g, 0), valued.worth, customs.customs_description, customs.hs_code, customs.origin_country_code
    from valued
    join sales.sales_order_line as line on line.sales_order_line_id = valued.sales_order_line_id
    left join catalog.sku as sku on sku.sku_id = valued.sku_id
    left join catalog.sku_customs as customs on customs.sku_id = valued.sku_id
    order by line.line_no, line.sales_order_line_id, valued.place
$$;
comment on function document.customs_lines(bigint) is
    '通関の明細。送る品ごとの数、重さ、支払われた額。値引は按分し、セットは構成品で数える。 | Lines of a customs form. Pieces, weight and what was paid for each; net of what the shop took off; a bundle without a description by its parts.';
