create or replace function document.picking_total(p_sales_order_ids bigint[])
    returns table (sku_code text, sku_name text, gtin text, quantity bigint, orders bigint)
    language sql
    stable
    set search_path = ''
as $$
    -- A bundle is picked by its parts.
    select sku.sku_code, sku.sku_name, sku.gtin, sum(line.quantity_ordered * part.quantity)::bigint, count(distinct line.sales_order_id)
    from sales.sales_order_line as line
    cross join lateral (
        select bundle.sku_id, bundle.quantity from catalog.bundle_component as bundle where bundle.bundle_sku_id = line.sku_id
        union all
        select line.sku_id, 1
        where not exists (select from catalog.bundle_component as bundle where bundle.bundle_sku_id = line.sku_id)
    ) as part
    join catalog.sku as sku on sku.sku_id = part.sku_id
    where line.sales_order_id = any(p_sales_order_ids) and line.quantity_ordered > 0
    group by sku.sku_id, sku.sku_code, sku.sku_name, sku.gtin
    order by sku.sku_code
$$;
comment on function document.picking_total(bigint[]) is
    '合計ピッキング。選んだ受注に要る商品の合計。セットは構成品で数える。 | Total picking. What the chosen orders need of each SKU; bundles by their parts.';
