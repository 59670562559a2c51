create or replace view catalog.sku_part with (security_invoker = true) as
select sku.sku_id as sold_sku_id, sku.sku_id, 1 as quantity
from catalog.sku as sku
where not sku.is_bundle
union all
select component.bundle_sku_id, component.sku_id, component.quantity
from catalog.bundle_component as component;
comment on view catalog.sku_part is
    '構成展開。SKU は自分自身、セットは構成品。 @key(sold_sku_id,sku_id) | Parts. A SKU is its own part, a bundle is its components. @key(sold_sku_id,sku_id)';
comment on column catalog.sku_part.sold_sku_id is '売る SKU。 | Sold SKU.';
comment on column catalog.sku_part.sku_id is '出る SKU。 | Part. The SKU whose stock goes down.';
comment on column catalog.sku_part.quantity is '数。一つ売れるごとに。 | Quantity. For each piece sold.';
