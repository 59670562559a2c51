create or replace function staff.own_table_of(p_own_table_id bigint, p_is_removed boolean)
    returns staff.own_table
    language plpgsql
    set search_path = ''
as $$
declare
    v_own staff.own_table;
begin
    select * into v_own from staff.own_table as own_table where own_table.own_table_id = p_own_table_id for update;
    if v_own.own_table_id is null or access.account_id() is not null and access.role_in_force() <> all(v_own.readers) then
        raise exception 'その表はありません。 | There is no such table.'
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    if (v_own.removed_at is not null) <> p_is_removed then
        raise exception '表「%」は今その状態ではありません。 | The table "%" is not in that state now.', v_own.table_name, v_own.table_name
            using errcode = 'DC010', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    return v_own;
end;
$$;
comment on function staff.own_table_of(bigint, boolean) is '独自の表を押さえる。 | Take an own table. Locked, in the state that is expected.';
