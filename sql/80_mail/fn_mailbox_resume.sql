create or replace function mail.mailbox_resume(p_shop_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update mail.mailbox_gate as gate
    set paused_at = null, open_at = '-infinity', failures = 0
    where gate.shop_id = p_shop_id and gate.shop_id = any((select access.shop_ids())::bigint[]);
    update transit.inbox as inbox
    set closed_at = now(), closed_by = access.account_id()
    where inbox.inbox_reason = 'mailbox' and inbox.shop_id = p_shop_id and inbox.closed_at is null
        and inbox.shop_id = any((select access.shop_ids())::bigint[]);
end;
$$;
comment on function mail.mailbox_resume(bigint) is '受信を再開する。止まった受信箱をまた読む。 | Resume. Reads a paused mailbox again.';
