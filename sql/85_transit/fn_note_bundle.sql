create or replace function transit.note_bundle()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    insert into transit.sku_changed (sku_id)
    values (case tg_op when 'DELETE' then old.bundle_sku_id else new.bundle_sku_id end)
    on conflict (sku_id) do update set changed_at = excluded.changed_at, is_served = false;
    return null;
end;
$$;
comment on function transit.note_bundle() is
    'セットの変化を記す。構成が変わったセットを送信待ちにする。 | Note a bundle. Marks a bundle whose parts changed.';
