create or replace function mail.mailbox_failed(p_shop_id bigint, p_error text, p_needs_person boolean)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_failures integer;
begin
    update mail.mailbox_gate as gate
    set failures = gate.failures + 1, last_error = p_error,
        open_at = clock_timestamp() + least(interval '15 minutes', interval '30 seconds' * 2 ^ least(gate.failures, 10)),
        paused_at = case when p_needs_person then clock_timestamp() else gate.paused_at end
    where gate.shop_id = p_shop_id
    returning gate.failures into v_failures;
    if p_needs_person or v_failures = 10 then
        perform transit.inbox_note('mailbox', p_shop_id, null, null, null, null, p_error);
    end if;
end;
$$;
comment on function mail.mailbox_failed(bigint, text, boolean) is
    '受信箱が読めない。間をあけ、人が要るなら止めて要対応へ。 | A mailbox cannot be read. It is left alone for a while; where a person is needed it is paused.';
