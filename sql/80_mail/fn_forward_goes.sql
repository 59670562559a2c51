create or replace function mail.forward_goes()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update transit.inbox as inbox
    set closed_at = now(), closed_by = access.account_id()
    where inbox.inbox_reason = 'mail_forward_waits' and inbox.shop_id = new.shop_id and inbox.closed_at is null;
    return null;
end;
$$;
comment on function mail.forward_goes() is
    '待つ転送の知らせを終える。送れるメール設定ができたので、自動で送られる。 | Close the note of what waits to be forwarded. The mail account sends again, and they go by themselves.';
