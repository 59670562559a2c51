create or replace function mail.mailbox_claim(p_shop_id bigint, p_every interval)
    returns boolean
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    insert into mail.mailbox_gate (shop_id)
    select mailbox.shop_id from mail.mailbox as mailbox where mailbox.shop_id = p_shop_id
    on conflict do nothing;
    update mail.mailbox_gate as gate
    set open_at = clock_timestamp() + p_every
    from mail.mailbox as mailbox
    where gate.shop_id = p_shop_id and mailbox.shop_id = p_shop_id and mailbox.is_on and gate.paused_at is null
        and gate.open_at <= clock_timestamp();
    return found;
end;
$$;
comment on function mail.mailbox_claim(bigint, interval) is
    '受信箱を読む番を取る。次は間隔の後。いいえなら今は読まない。 | Take the turn to read a mailbox; the next one is after the interval. False: not now.';
