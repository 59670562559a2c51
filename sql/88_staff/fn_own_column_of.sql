create or replace function staff.own_column_of(p_own_column_id bigint, p_is_removed boolean)
    returns staff.own_column
    language plpgsql
    set search_path = ''
as $$
declare
    v_own staff.own_column;
begin
    select * into v_own from staff.own_column as own_column where own_column.own_column_id = p_own_column_id for update;
    if v_own.own_column_id is null or access.account_id() is not null and access.role_in_force() <> all(v_own.readers) then
        raise exception 'その列はありません。 | There is no such column.'
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    if (v_own.removed_at is not null) <> p_is_removed or exists (
        select from staff.own_table as own_table where own_table.table_name = v_own.table_name and own_table.removed_at is not null
    ) then
        raise exception '列「%」は今その状態ではありません。 | The column "%" is not in that state now.', v_own.column_name, v_own.column_name
            using errcode = 'DC010', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    return v_own;
end;
$$;
comment on function staff.own_column_of(bigint, boolean) is '独自の列を押さえる。 | Take an own column. Locked, in the state that is expected.';
