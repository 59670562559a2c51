create or replace function transit.note_bundle()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_bundle_sku_id bigint := case when tg_op = 'DELETE' then old.bundle_sku_id else new.bundle_sku_id end;
begin
    -- Its parts too: who waited for the bundle may be served by what it holds now.
    insert into transit.sku_changed as changed (sku_id)
    select v_bundle_sku_id
    union
    select component.sku_id from catalog.bundle_component as component where component.bundle_sku_id = v_bundle_sku_id
    order by 1
    on conflict (sku_id) do update set changed_at = excluded.changed_at, is_served = false;
    return null;
end;
$$;
comment on function transit.note_bundle() is
    'セットの変化を記す。公開数が変わり、待つ受注に足りるようになることもある。 | Note a bundle. With other parts its level is another, and orders that waited for it may be served.';
