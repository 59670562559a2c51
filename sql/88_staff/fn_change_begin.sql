create or replace function staff.change_begin(p_change_no bigint)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_change_no bigint := p_change_no;
begin
    -- Somebody else's number takes nothing in: it is as if none had been given.
    while v_change_no is null or not access.change_is_own(v_change_no) loop
        v_change_no := nextval('staff.change_seq');
    end loop;
    perform set_config('daicho.change_no', v_change_no::text, true);
    return v_change_no;
end;
$$;
comment on function staff.change_begin(bigint) is
    '変更番号を決めて始める。複数の取引を一つの変更にまとめる。 | Begin a change. What this transaction changes belongs to that number, or to a new one; so several transactions are one change.';
