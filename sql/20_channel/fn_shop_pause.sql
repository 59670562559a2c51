create or replace function channel.shop_pause(p_shop_id bigint, p_reason text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update channel.shop as shop
    set paused_at = coalesce(shop.paused_at, now()), pause_reason = coalesce(nullif(btrim(p_reason), ''), shop.pause_reason)
    where shop.shop_id = p_shop_id and shop.shop_id = any((select access.shop_ids())::bigint[]);
    if not found then
        raise exception '店舗 % が見つかりません。 | Shop % is not there.', p_shop_id, p_shop_id
            using errcode = 'DC404', hint = '担当の店舗を選びます。 | Choose a shop that is yours.';
    end if;
end;
$$;
comment on function channel.shop_pause(bigint, text) is '店舗を停止する。取込も送信もしない。 | Pause a shop. Nothing is fetched or sent.';
