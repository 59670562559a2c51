create or replace function transit.note_listing()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if new.sku_id is not null and new.is_published then
        insert into transit.push as push (shop_id, listing_id, kind)
        values (new.shop_id, new.listing_id, 'stock')
        on conflict (kind, subject_id) do update set wanted_version = push.wanted_version + 1, is_refused = false;
    end if;
    return null;
end;
$$;
comment on function transit.note_listing() is
    '出品の変化を記す。対応、予備、上限が変わった出品を送信待ちにする。 | Note a listing. Makes the level of a changed listing due.';
