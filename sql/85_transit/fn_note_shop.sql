create or replace function transit.note_shop()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update transit.push as push
    set wanted_version = push.wanted_version + 1
    where push.shop_id = new.shop_id and push.kind = 'stock';
    return null;
end;
$$;
comment on function transit.note_shop() is
    '店舗の変化を記す。出荷倉庫が変わった店の全出品を送信待ちにする。 | Note a shop. Makes all levels of a shop due that ships from another warehouse now.';
