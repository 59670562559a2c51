create or replace function access.is_outside()
    returns boolean
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
begin
    return coalesce((
        select bool_or(role.is_outside)
        from staff.staff_role as role
        where role.staff_role in (access.staff_role(), access.role_in_force())
    ), false);
end;
$$;
comment on function access.is_outside() is
    '外部の人か。 | Outside. Whether who is asking works elsewhere, and sees personal data until the parcel has left.';
