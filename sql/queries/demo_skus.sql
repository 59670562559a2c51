with item as materialized (
    select *
    from jsonb_to_recordset(%(skus)s) as item (product_code text, product_name text, sku_code text, sku_name text, gtin text,
        is_bundle boolean, oversell_limit integer, on_sale_on date, tax_rate numeric, list_price numeric)
), product as (
    insert into catalog.product (product_code, product_name)
    select distinct item.product_code, item.product_name from item
    order by item.product_code
    returning product_id, product_code
)
insert into catalog.sku (product_id, sku_code, sku_name, gtin, is_bundle, oversell_limit, on_sale_on, tax_rate, list_price)
select product.product_id, item.sku_code, item.sku_name, item.gtin, item.is_bundle, item.oversell_limit, item.on_sale_on,
    item.tax_rate, item.list_price
from item
join product on product.product_code = item.product_code
order by item.sku_code
returning sku_id, sku_code;
