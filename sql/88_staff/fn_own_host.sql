create or replace function staff.own_host(p_table text)
    returns regclass
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_table regclass;
begin
    if p_table is null or not exists (select from staff.own_hosts() as host (table_name) where host.table_name = p_table) then
        raise exception '表 % に列は加えられません。 | No column can be added to the table %.', p_table, p_table
            using errcode = 'DC010', column = 'table_name',
            hint = 'マスター、業務の記録、独自の表だけです。 | Only masters, business records and own tables take one.';
    end if;
    v_table := to_regclass(p_table);
    if not exists (select from pg_catalog.pg_class as class where class.oid = v_table and class.relowner = 'daicho_schema'::regrole) then
        raise exception '表 % は別の持ち主のものです。 | The table % belongs to another owner.', p_table, p_table
            using errcode = 'DC010', column = 'table_name',
            hint = 'SQL で alter table … owner to で持ち主を変えます。 | Change its owner by SQL: alter table … owner to.';
    end if;
    -- Nobody hands out what they do not hold.
    if access.account_id() is not null and not has_any_column_privilege(access.role_name(access.role_in_force()), v_table, 'select') then
        raise exception '表 % はあなたには見えません。 | The table % is not yours to see.', p_table, p_table
            using errcode = 'DC403', column = 'table_name', hint = '見える人に頼みます。 | Ask somebody who sees it.';
    end if;
    return v_table;
end;
$$;
comment on function staff.own_host(text) is '列を加えてよい表か確かめる。 | Check the host. Whether a table takes an own column from who is asking.';
