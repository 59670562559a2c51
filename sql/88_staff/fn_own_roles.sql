create or replace function staff.own_roles(p_table regclass, p_readers text[], p_writers text[])
    returns void
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_code text;
begin
    foreach v_code in array coalesce(p_readers, '{}') || coalesce(p_writers, '{}') loop
        if v_code is null or v_code = 'system' or to_regrole(access.role_name(v_code)) is null
            or not exists (select from staff.staff_role as known where known.staff_role = v_code and known.ended_at is null) then
            raise exception '役割 % はありません。 | There is no role %.', v_code, v_code
                using errcode = 'DC404', column = 'readers', hint = '一覧から選びます。 | Choose from the list.';
        end if;
        if p_table is not null and not has_any_column_privilege(access.role_name(v_code), p_table, 'select') then
            raise exception '役割 % はこの表を見ません。 | The role % does not see this table.', v_code, v_code
                using errcode = 'DC010', column = 'readers',
                hint = '表を見る役割だけに、列を見せられます。 | A column can be shown to roles that see its table.';
        end if;
    end loop;
    if p_readers is not null and not coalesce(p_writers, '{}') <@ p_readers then
        raise exception '見ない人は変えられません。 | Who does not see it cannot change it.'
            using errcode = 'DC010', column = 'writers', hint = '変える役割を、見る役割にも入れます。 | Let the roles that change it see it too.';
    end if;
end;
$$;
comment on function staff.own_roles(regclass, text[], text[]) is
    '役割を確かめる。表を見る役割だけに列を許せる。 | Check the roles. A column can be granted to roles that see its table.';
