create or replace function transit.inbox_close(p_inbox_id bigint, p_note text default null)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update transit.inbox as inbox
    set closed_at = now(), closed_by = access.account_id(), close_note = nullif(btrim(p_note), '')
    where inbox.inbox_id = p_inbox_id and inbox.closed_at is null
        and (inbox.shop_id is null or inbox.shop_id = any((select access.shop_ids())::bigint[]));
    if not found then
        raise exception '要対応 % は見つからないか、すでに終わっています。 | Inbox item % is not there or closed already.', p_inbox_id, p_inbox_id
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
end;
$$;
comment on function transit.inbox_close(bigint, text) is '対応済みにする。 | Close. It has been dealt with.';
