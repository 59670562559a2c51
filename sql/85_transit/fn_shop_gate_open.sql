create or replace function transit.shop_gate_open(p_shop_id bigint)
    returns integer
    language sql
    security definer
    set search_path = ''
as $$
    with before as (
        select gate.shop_id, gate.failures from transit.shop_gate as gate where gate.shop_id = p_shop_id and gate.failures > 0 for no key update
    ), opened as (
        update transit.shop_gate as gate
        set failures = 0, failing_since = null, last_error = null, open_at = '-infinity'
        from before
        where gate.shop_id = before.shop_id
    )
    select coalesce((select before.failures from before), 0)
$$;
comment on function transit.shop_gate_open(bigint) is
    '店舗が答えた。直前まで続いた失敗の回数を返す。 | Open the gate. The shop answered; returns how many failures ended.';
