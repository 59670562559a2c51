create or replace function staff.counts_keep(p_scope_key text, p_counts jsonb)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    c_forget_after constant interval := '1 day';
begin
    delete from staff.kept_count as kept
    where kept.scope_key = p_scope_key or kept.counted_at < clock_timestamp() - c_forget_after;
    insert into staff.kept_count (scope_key, count_code, counted, is_limited, oldest_at, fault, counted_at)
    select p_scope_key, count.count_code, count.counted, count.is_limited, count.oldest_at, count.fault, clock_timestamp()
    from jsonb_to_recordset(p_counts) as count (count_code text, counted integer, is_limited boolean, oldest_at timestamptz, fault text)
    order by count.count_code
    on conflict on constraint kept_count_pk do update
    set counted = excluded.counted, is_limited = excluded.is_limited, oldest_at = excluded.oldest_at, fault = excluded.fault,
        counted_at = excluded.counted_at;
end;
$$;
comment on function staff.counts_keep(text, jsonb) is
    '件数を残す。その範囲の前の件数は置き換わる。 | Keep counts. What was kept for that scope is replaced.';
