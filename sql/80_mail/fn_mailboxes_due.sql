create or replace function mail.mailboxes_due()
    returns setof bigint
    language sql
    security definer
    set search_path = ''
as $$
    select mailbox.shop_id
    from mail.mailbox as mailbox
    join channel.shop as shop on shop.shop_id = mailbox.shop_id
    left join mail.mailbox_gate as gate on gate.shop_id = mailbox.shop_id
    where mailbox.is_on and gate.paused_at is null and coalesce(gate.open_at, '-infinity') <= clock_timestamp()
    order by gate.read_at nulls first
$$;
comment on function mail.mailboxes_due() is '読む時が来た受信箱。長く待った順。 | Mailboxes to be read, who waited longest first.';
