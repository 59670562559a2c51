create or replace function transit.shop_gate_close(p_shop_id bigint, p_for interval, p_error text)
    returns integer
    language sql
    security definer
    set search_path = ''
as $$
    insert into transit.shop_gate as gate (shop_id, open_at, failing_since, failures, last_error)
    values (p_shop_id, clock_timestamp() + p_for, clock_timestamp(), 1, p_error)
    on conflict (shop_id) do update
    set open_at = greatest(gate.open_at, excluded.open_at), failing_since = coalesce(gate.failing_since, excluded.failing_since),
        failures = gate.failures + 1, last_error = excluded.last_error
    returning gate.failures
$$;
comment on function transit.shop_gate_close(bigint, interval, text) is
    '店舗を待つ。しばらく尋ねない。続けて失敗した回数を返す。 | Close the gate. The shop is not asked for a while; returns the failures in a row.';
