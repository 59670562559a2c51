create or replace function mail.shops_due()
    returns setof bigint
    language sql
    security definer
    set search_path = ''
as $$
    select account.shop_id
    from mail.mail_account as account
    join channel.shop as shop on shop.shop_id = account.shop_id
    left join mail.account_gate as gate on gate.shop_id = account.shop_id
    -- Asked once for a shop, not for each mail
    cross join lateral (select mail.is_quiet(account.shop_id) as now offset 0) as quiet
    where account.is_on and gate.paused_at is null and coalesce(gate.open_at, '-infinity') <= clock_timestamp()
        and (select transit.outgoing_is_on('mail'))
        and exists (
            select from mail.mail as due
            where due.shop_id = account.shop_id and due.state = 'due' and due.due_at <= clock_timestamp()
                and (not due.keeps_quiet or not quiet.now)
                and (due.mailing_id is null or not exists (
                    select from mail.mailing as mailing where mailing.mailing_id = due.mailing_id and mailing.stopped_at is not null))
        )
    order by coalesce(gate.served_at, '-infinity')
$$;
comment on function mail.shops_due() is
    '送るメールのある店舗。長く待った順。 | Shops with mails to send, who waited longest first.';
