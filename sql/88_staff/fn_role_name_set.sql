create or replace function staff.role_name_set(p_staff_role text, p_version integer, p_label text, p_purpose text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform staff.role_keepable(p_staff_role, p_version);
    update staff.staff_role as role set label = p_label, purpose = p_purpose, version = role.version + 1 where role.staff_role = p_staff_role;
end;
$$;
comment on function staff.role_name_set(text, integer, text, text) is
    '役割に名前を付ける。 | Name a role. The shop''s own alone.';
