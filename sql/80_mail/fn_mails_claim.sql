create or replace function mail.mails_claim(p_shop_id bigint, p_limit integer, p_lease interval)
    returns table (mail_id bigint, sales_order_id bigint, mail_event text, template_code text, mail_template_id bigint, attempt integer, lease bigint)
    language plpgsql
    security definer
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_lease bigint := nextval('transit.lease_seq');
    v_ids bigint[];
    v_room integer;
    v_refused integer;
    v_today date := base.today();
begin
    insert into mail.account_gate as gate (shop_id, served_at, minute_at, day_on)
    values (p_shop_id, clock_timestamp(), clock_timestamp(), v_today)
    on conflict (shop_id) do update
    set served_at = excluded.served_at,
        minute_count = case when gate.minute_at > clock_timestamp() - interval '1 minute' then gate.minute_count else 0 end,
        minute_at = case when gate.minute_at > clock_timestamp() - interval '1 minute' then gate.minute_at else clock_timestamp() end,
        day_count = case when gate.day_on = v_today then gate.day_count else 0 end, day_on = v_today;
    select least(p_limit, account.per_minute - gate.minute_count, account.per_day - gate.day_count)
    into v_room
    from mail.mail_account as account
    join mail.account_gate as gate on gate.shop_id = account.shop_id
    where account.shop_id = p_shop_id and account.is_on and gate.paused_at is null and gate.open_at <= clock_timestamp()
        and (select transit.outgoing_is_on('mail'));
    if v_room is null then
        return;
    end if;
    if v_room <= 0 then
        update mail.account_gate as gate
        set open_at = case when gate.minute_count >= account.per_minute then gate.minute_at + interval '1 minute' else clock_timestamp() + interval '10 minutes' end
        from mail.mail_account as account
        where gate.shop_id = p_shop_id and account.shop_id = p_shop_id;
        return;
    end if;
    select array_agg(due.mail_id order by due.due_at, due.mail_id)
    into v_ids
    from (
        select due.mail_id, due.due_at
        from mail.mail as due
        where due.shop_id = p_shop_id and due.state = 'due' and due.due_at <= clock_timestamp()
            and (not due.keeps_quiet or not (select mail.is_quiet(p_shop_id)))
            and (due.mailing_id is null or not exists (
                select from mail.mailing as mailing where mailing.mailing_id = due.mailing_id and mailing.stopped_at is not null))
        order by due.due_at, due.mail_id
        limit v_room
        for update skip locked
    ) as due;
    with ended as (
        update mail.mail as due
        set state = not_sent.state, reason = not_sent.reason, ended_at = clock_timestamp()
        from (select distinct on (why.mail_id) why.* from mail.why_not(v_ids) as why order by why.mail_id, why.state) as not_sent
        where due.mail_id = not_sent.mail_id
        returning due.mail_id, due.sales_order_id, due.state, due.reason
    )
    -- Left out is what the facts ask for; refused is what a person must mend.
    select count(mail.note_refused(ended.mail_id, p_shop_id, ended.sales_order_id, ended.reason)) into v_refused
    from ended
    where ended.state = 'refused';
    -- Counted as they are claimed: what is given back was counted once too often, never once too seldom.
    return query
    with taken as (
        update mail.mail as due
        set state = 'claimed', lease = v_lease, lease_until = clock_timestamp() + p_lease, attempt = due.attempt + 1,
            mail_template_id = case when due.inquiry_message_id is not null then null else mail.template_for(due.template_code, due.shop_id, coalesce(sender.locale,
                (select case when shop.currency_code = 'JPY' then 'ja' else 'en' end from channel.shop as shop where shop.shop_id = p_shop_id))) end
        from unnest(v_ids) as one
        left join document.sender as sender on sender.shop_id = p_shop_id
        where due.mail_id = one and due.state = 'due'
        returning due.mail_id, due.due_at, due.sales_order_id, due.mail_event::text as mail_event, due.template_code::text as template_code, due.mail_template_id, due.attempt
    ), counted as (
        update mail.account_gate as gate
        set minute_count = gate.minute_count + (select count(*) from taken), day_count = gate.day_count + (select count(*) from taken)
        where gate.shop_id = p_shop_id
        returning 1
    )
    select taken.mail_id, taken.sales_order_id, taken.mail_event, taken.template_code, taken.mail_template_id, taken.attempt, v_lease
    from taken
    where exists (select from counted)
    order by taken.due_at, taken.mail_id;
end;
$$;
comment on function mail.mails_claim(bigint, integer, interval) is
    '送るメールを引き受ける。速さの上限まで。送らないものは理由とともに終わらせる。 | Claim mails, within the pace; those not to be sent end with their reason.';
