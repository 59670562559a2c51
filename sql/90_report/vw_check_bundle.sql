create or replace view report.check_bundle with (security_invoker = true) as
select component.bundle_sku_id, component.sku_id
from catalog.bundle_component as component
join catalog.sku as bundle on bundle.sku_id = component.bundle_sku_id
join catalog.sku as part on part.sku_id = component.sku_id
where not bundle.is_bundle or part.is_bundle;
comment on view report.check_bundle is
    'セット検査。入れ子のセット、セットでない SKU の構成品。空であること。 @key(bundle_sku_id,sku_id) | Bundle check. Bundles in bundles, parts of what is no bundle; must be empty. @key(bundle_sku_id,sku_id)';
comment on column report.check_bundle.bundle_sku_id is 'セット。 | Bundle.';
comment on column report.check_bundle.sku_id is '構成品。 | Part.';
