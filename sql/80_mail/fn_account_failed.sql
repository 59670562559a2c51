create or replace function mail.account_failed(p_shop_id bigint, p_error text, p_is_unknown boolean, p_needs_person boolean)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_gate mail.account_gate;
    c_unknowns_most constant integer := 3;
begin
    insert into mail.account_gate as gate (shop_id, failures, unknowns, last_error, open_at)
    values (p_shop_id, 1, p_is_unknown::integer, p_error, clock_timestamp() + interval '5 seconds')
    on conflict (shop_id) do update
    set failures = gate.failures + 1, unknowns = case when p_is_unknown then gate.unknowns + 1 else gate.unknowns end, last_error = p_error,
        open_at = clock_timestamp() + least(interval '15 minutes', interval '5 seconds' * 2 ^ least(gate.failures, 10))
    returning gate.* into v_gate;
    -- A server that takes mails and says nothing would make one after another uncertain: a person must look.
    if p_needs_person or v_gate.unknowns >= c_unknowns_most then
        update mail.account_gate as gate set paused_at = now() where gate.shop_id = p_shop_id and gate.paused_at is null;
        perform transit.inbox_note('mail_server', p_shop_id, null, null, null, null, p_error);
    elsif v_gate.failures = 10 then
        perform transit.inbox_note('mail_server', p_shop_id, null, null, null, null, p_error);
    end if;
end;
$$;
comment on function mail.account_failed(bigint, text, boolean, boolean) is
    '送信サーバーの失敗を記す。間をあけ、人が要るなら止めて要対応へ。 | The mail server failed. It is left alone for a while; where a person is needed it is paused.';
