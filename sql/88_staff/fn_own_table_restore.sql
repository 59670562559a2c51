create or replace function staff.own_table_restore(p_own_table_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
    set lock_timeout = '3s'
as $$
declare
    v_own staff.own_table;
begin
    perform staff.own_begin();
    v_own := staff.own_table_of(p_own_table_id, true);
    if to_regclass(v_own.table_name) is not null then
        raise exception '表「%」がもうあります。 | There is a table "%" already.', v_own.table_name, v_own.table_name
            using errcode = 'DC010', hint = '先にその表の名前を変えます。 | Rename that table first.';
    end if;
    execute format('alter table own.%I rename to %I', 'removed_' || p_own_table_id, split_part(v_own.table_name, '.', 2));
    update staff.own_table as own_table
    set removed_at = null, removed_by = null, version = own_table.version + 1
    where own_table.own_table_id = p_own_table_id;
    perform staff.own_table_grant(v_own.table_name);
end;
$$;
comment on function staff.own_table_restore(bigint) is '外した表を戻す。中身とともに。 | Bring back a removed table. With what it holds.';
