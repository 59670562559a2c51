create or replace function mail.mail_not_sent(p_mail_id bigint, p_lease bigint, p_state text, p_reason text, p_again_after interval default null)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_mail mail.mail;
begin
    update mail.mail as mail
    set state = p_state, reason = p_reason, lease = null, lease_until = null,
        ended_at = case when p_state <> 'due' then clock_timestamp() end,
        due_at = case when p_state = 'due' then clock_timestamp() + coalesce(p_again_after, interval '0') else mail.due_at end
    where mail.mail_id = p_mail_id and mail.lease = p_lease and mail.state in ('claimed', 'handing')
        and p_state in ('due', 'refused', 'skipped', 'unknown')
    returning mail.* into v_mail;
    if p_state = 'unknown' and v_mail.mail_id is not null then
        perform mail.note_unknown(p_mail_id, v_mail.shop_id, v_mail.sales_order_id, p_reason);
    elsif p_state = 'refused' and v_mail.mail_id is not null then
        perform mail.note_refused(p_mail_id, v_mail.shop_id, v_mail.sales_order_id, p_reason);
    end if;
end;
$$;
comment on function mail.mail_not_sent(bigint, bigint, text, text, interval) is
    '送れなかった。due は後でもう一度、refused と unknown は要対応へ、skipped は見送り。 | Not sent. due comes again later, refused and unknown go to the inbox, skipped is left.';
