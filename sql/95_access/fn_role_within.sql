create or replace function access.role_within(p_staff_role text, p_holder text)
    returns boolean
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
declare
    v_held oid;
    v_holder oid;
begin
    if p_staff_role = p_holder then
        return p_staff_role is not null;
    end if;
    select held.oid, holder.oid into v_held, v_holder
    from pg_catalog.pg_roles as held
    join pg_catalog.pg_roles as holder on holder.rolname = access.role_name(p_holder)
    where held.rolname = access.role_name(p_staff_role);
    return found
        and not exists (
            select from staff.staff_role as held, staff.staff_role as holder
            where held.staff_role = p_staff_role and holder.staff_role = p_holder and holder.is_outside and not held.is_outside
        )
        and not exists (
            select from pg_catalog.pg_auth_members as member
            where member.member = v_held and not pg_catalog.pg_has_role(v_holder, member.roleid, 'usage')
        )
        and not exists (
            select from pg_catalog.pg_class as class
            cross join lateral pg_catalog.aclexplode(class.relacl) as acl
            where acl.grantee = v_held and not case class.relkind
                when 'S' then pg_catalog.has_sequence_privilege(v_holder, class.oid, acl.privilege_type)
                else pg_catalog.has_table_privilege(v_holder, class.oid, acl.privilege_type) end
        )
        and not exists (
            select from pg_catalog.pg_attribute as attribute
            cross join lateral pg_catalog.aclexplode(attribute.attacl) as acl
            where acl.grantee = v_held and not attribute.attisdropped
                and not pg_catalog.has_column_privilege(v_holder, attribute.attrelid, attribute.attnum, acl.privilege_type)
        )
        and not exists (
            select from pg_catalog.pg_proc as function
            cross join lateral pg_catalog.aclexplode(function.proacl) as acl
            where acl.grantee = v_held and not pg_catalog.has_function_privilege(v_holder, function.oid, acl.privilege_type)
        )
        and not exists (
            select from pg_catalog.pg_namespace as namespace
            cross join lateral pg_catalog.aclexplode(namespace.nspacl) as acl
            where acl.grantee = v_held and not pg_catalog.has_schema_privilege(v_holder, namespace.oid, acl.privilege_type)
        );
end;
$$;
comment on function access.role_within(text, text) is
    '役割の大小。一つ目の役割の権限を、二つ目の役割がすべて持つか。 | Role within another. Whether the second holds every right of the first.';
