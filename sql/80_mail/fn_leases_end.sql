create or replace function mail.leases_end()
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_mail record;
    v_count integer := 0;
begin
    update mail.mail as late
    set state = 'due', lease = null, lease_until = null
    from (
        select mail.mail_id from mail.mail as mail
        where mail.state = 'claimed' and mail.lease_until < clock_timestamp()
        order by mail.mail_id for update skip locked
    ) as given
    where late.mail_id = given.mail_id;
    for v_mail in
        update mail.mail as late
        set state = 'unknown', lease = null, lease_until = null, ended_at = clock_timestamp(),
            reason = '渡している間に作業係が止まりました。 | The worker stopped while handing it over.'
        from (
            select mail.mail_id from mail.mail as mail
            where mail.state = 'handing' and mail.lease_until < clock_timestamp()
            order by mail.mail_id for update skip locked
        ) as given
        where late.mail_id = given.mail_id
        returning late.mail_id, late.shop_id, late.sales_order_id, late.reason
    loop
        perform mail.note_unknown(v_mail.mail_id, v_mail.shop_id, v_mail.sales_order_id, v_mail.reason);
        v_count := v_count + 1;
    end loop;
    return v_count;
end;
$$;
comment on function mail.leases_end() is
    '期限切れの担当を終わらせる。準備中は送信待ちへ戻し、引渡し中は結果不明にして要対応へ。数は結果不明になった分。 | End leases. What was being made is due again; what was being handed over is unknown and goes to the inbox. Returns how many.';
