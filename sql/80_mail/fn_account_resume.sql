create or replace function mail.account_resume(p_shop_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update mail.account_gate as gate
    set paused_at = null, open_at = '-infinity', failures = 0, unknowns = 0
    where gate.shop_id = p_shop_id and gate.shop_id = any((select access.shop_ids())::bigint[]);
    update transit.inbox as inbox
    set closed_at = now(), closed_by = access.account_id()
    where inbox.inbox_reason = 'mail_server' and inbox.shop_id = p_shop_id and inbox.closed_at is null;
end;
$$;
comment on function mail.account_resume(bigint) is '送信を再開する。止まった送信サーバーにもう一度送る。 | Resume. Sends by a paused mail server again.';
