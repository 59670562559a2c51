create or replace function channel.shop_resume(p_shop_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update channel.shop as shop
    set paused_at = null, pause_reason = null
    where shop.shop_id = p_shop_id and shop.shop_id = any((select access.shop_ids())::bigint[]);
    if not found then
        raise exception '店舗 % が見つかりません。 | Shop % is not there.', p_shop_id, p_shop_id
            using errcode = 'DC404', hint = '担当の店舗を選びます。 | Choose a shop that is yours.';
    end if;
    update transit.shop_gate as gate
    set open_at = '-infinity', failures = 0, failing_since = null
    where gate.shop_id = p_shop_id;
    update transit.inbox as inbox
    set closed_at = now(), closed_by = access.account_id(), close_note = '再開した | resumed'
    where inbox.shop_id = p_shop_id and inbox.inbox_reason in ('shop_needs_staff', 'shop_changed') and inbox.closed_at is null;
end;
$$;
comment on function channel.shop_resume(bigint) is '店舗を再開する。 | Resume a shop.';
