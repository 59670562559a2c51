create or replace function staff.own_table_remove(p_own_table_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
    set lock_timeout = '3s'
as $$
declare
    v_own staff.own_table;
    v_user text;
begin
    perform staff.own_begin();
    v_own := staff.own_table_of(p_own_table_id, false);
    select con.conrelid::regclass::text
    into v_user
    from pg_catalog.pg_constraint as con
    where con.confrelid = to_regclass(v_own.table_name) and con.contype = 'f' and con.conrelid <> con.confrelid
    limit 1;
    if v_user is not null then
        raise exception '表「%」を % が参照しています。 | The table "%" is pointed to by %.', v_own.table_name, v_user, v_own.table_name, v_user
            using errcode = 'DC010', hint = '先にその列を外します。 | Remove that column first.';
    end if;
    update staff.own_table as own_table
    set removed_at = now(), removed_by = access.account_id(), version = own_table.version + 1
    where own_table.own_table_id = p_own_table_id;
    execute format('alter table %s rename to %I', to_regclass(v_own.table_name), 'removed_' || p_own_table_id);
    perform staff.own_table_grant(v_own.table_name);
end;
$$;
comment on function staff.own_table_remove(bigint) is
    '独自の表を外す。隠すだけで、中身は残る。 | Remove an own table. It is hidden; what it holds stays and can be brought back.';
