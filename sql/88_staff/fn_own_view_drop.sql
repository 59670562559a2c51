create or replace function staff.own_view_drop(p_name text, p_is_strict boolean)
    returns boolean
    language plpgsql
    set search_path = ''
as $$
begin
    execute format('drop view own.%I', p_name);
    return true;
exception
    when dependent_objects_still_exist then
        if p_is_strict then
            raise exception 'ビュー own.% を別のビュー（%）が使っています。 | Another view (%) uses the view own.%.',
                p_name, staff.own_users('own.' || p_name), staff.own_users('own.' || p_name), p_name
                using errcode = 'DC010', hint = '先にそのビューを消すか変えます。 | Drop or change that view first.';
        end if;
        raise warning 'own.% stays as it is: another view uses it', p_name;
        return false;
end;
$$;
comment on function staff.own_view_drop(text, boolean) is
    '兄弟のビューを消す。別のビューが使っていれば残す。 | Drop a sibling view. It stays while another view uses it.';
