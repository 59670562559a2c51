create or replace function mail.account_worked(p_shop_id bigint)
    returns void
    language sql
    security definer
    set search_path = ''
as $$
    update mail.account_gate as gate
    set failures = 0, unknowns = 0, last_error = null
    where gate.shop_id = p_shop_id and (gate.failures, gate.unknowns) <> (0, 0)
$$;
comment on function mail.account_worked(bigint) is '送信サーバーが働いた。 | The mail server works.';
