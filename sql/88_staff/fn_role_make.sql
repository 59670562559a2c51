create or replace function staff.role_make(p_staff_role text, p_label text, p_purpose text, p_copied_from text)
    returns text
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_code text := 'own_' || regexp_replace(p_staff_role, '^own_', '');
begin
    perform pg_advisory_xact_lock(431131026280);
    if not exists (select from staff.staff_role as role where role.staff_role = p_copied_from and role.ended_at is null) or p_copied_from = 'system' then
        raise exception '役割 % はありません。 | There is no role %.', p_copied_from, p_copied_from
            using errcode = 'DC404', column = 'copied_from', hint = '写す役割を選びます。 | Choose the role to copy.';
    end if;
    if not coalesce(access.role_within(p_copied_from, access.role_in_force()), false) then
        raise exception 'その役割には、あなたにない権限があります。 | That role holds what you do not.'
            using errcode = 'DC403', column = 'copied_from', hint = '自分が持つ権限だけの役割を写します。 | Copy a role whose rights you hold.';
    end if;
    insert into staff.staff_role (staff_role, label, purpose, is_own, copied_from, is_outside, needs_second_factor)
    select v_code, p_label, p_purpose, true, role.staff_role, role.is_outside, role.needs_second_factor
    from staff.staff_role as role
    where role.staff_role = p_copied_from;
    insert into staff.role_grant (staff_role, object_name, verb, columns)
    select v_code, held.object_name, held.verb, held.columns from access.role_grants(p_copied_from) as held;
    update staff.own_table as own_table set readers = own_table.readers || v_code where p_copied_from = any(own_table.readers);
    update staff.own_table as own_table set writers = own_table.writers || v_code where p_copied_from = any(own_table.writers);
    update staff.own_column as own_column set readers = own_column.readers || v_code where p_copied_from = any(own_column.readers);
    update staff.own_column as own_column set writers = own_column.writers || v_code where p_copied_from = any(own_column.writers);
    perform access.role_apply(v_code);
    return v_code;
end;
$$;
comment on function staff.role_make(text, text, text, text) is
    '役割を作る。ほかの役割の写しから始まる。 | Make a role. The shop''s own, beginning as a copy of another; returns its code.';
