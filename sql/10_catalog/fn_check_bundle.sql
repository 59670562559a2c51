create or replace function catalog.check_bundle()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if exists (
        select from catalog.bundle_component as component
        join catalog.sku as bundle on bundle.sku_id = component.bundle_sku_id
        join catalog.sku as part on part.sku_id = component.sku_id
        where (not bundle.is_bundle or part.is_bundle)
            and (bundle.sku_id = new.bundle_sku_id or part.sku_id = new.sku_id)
    ) then
        raise exception 'セットの構成は、セット商品に単品を入れる形だけです。 | A bundle holds single SKUs, and only a SKU marked as bundle can hold them.'
            using errcode = 'DC010', column = 'sku_id', schema = 'catalog', table = 'bundle_component',
            hint = '先に SKU をセット商品にするか、単品を選びます。 | Mark the SKU as a bundle first, or choose a single SKU.';
    end if;
    return null;
end;
$$;
comment on function catalog.check_bundle() is 'セット構成の検査。 | Check of a bundle. A bundle of bundles is refused.';
