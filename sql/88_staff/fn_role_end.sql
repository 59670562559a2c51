create or replace function staff.role_end(p_staff_role text, p_version integer)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform pg_advisory_xact_lock(431131026280);
    perform staff.role_keepable(p_staff_role, p_version);
    if exists (select from staff.account as account where account.staff_role = p_staff_role and account.ended_at is null) then
        raise exception 'この役割の人がいます。 | Somebody has this role.'
            using errcode = 'DC010', hint = '先にその人の役割を替えます。 | Give them another role first.';
    end if;
    update staff.api_token as token set ended_at = now() where token.staff_role = p_staff_role and token.ended_at is null;
    delete from staff.role_grant as known where known.staff_role = p_staff_role;
    update staff.staff_role as role set ended_at = now(), version = role.version + 1 where role.staff_role = p_staff_role;
    update staff.own_table as own_table
    set readers = array_remove(own_table.readers, p_staff_role), writers = array_remove(own_table.writers, p_staff_role)
    where p_staff_role = any(own_table.readers);
    update staff.own_column as own_column
    set readers = array_remove(own_column.readers, p_staff_role), writers = array_remove(own_column.writers, p_staff_role)
    where p_staff_role = any(own_column.readers || own_column.writers);
    perform access.role_apply(p_staff_role);
    perform access.role_drop(p_staff_role);
end;
$$;
comment on function staff.role_end(text, integer) is
    '役割を終える。この役割の人がいる間はできない。 | End a role. The shop''s own, when nobody has it any more.';
