-- Everything is taken back first, so that what stands in this folder is all there is. Shops' own tables are left alone, and what a
-- shop granted on columns of its own is given back in 60_own.sql.
drop table if exists pg_temp.own_column_grant;
create temporary table own_column_grant on commit drop as
select format('grant %s (%I) on %s to %s', lower(acl.privilege_type), attribute.attname, class.oid::regclass, acl.grantee::regrole) as statement
from pg_catalog.pg_attribute as attribute
join pg_catalog.pg_class as class on class.oid = attribute.attrelid and class.relkind in ('r', 'p')
cross join lateral pg_catalog.aclexplode(attribute.attacl) as acl
where attribute.attname like 'x\_%' and not attribute.attisdropped and acl.grantee not in (0, class.relowner)
    and class.relnamespace::regnamespace::text in ('base', 'catalog', 'channel', 'customer', 'sales', 'stock', 'shipping', 'mail', 'document', 'transit', 'staff')
    and not exists (
        select from staff.own_column as own_column
        where own_column.table_name = class.oid::regclass::text
            and attribute.attname in (own_column.column_name, 'x_removed_' || own_column.own_column_id)
    );
do $$
declare
    v_schema text;
    v_role text;
    v_policy record;
begin
    foreach v_schema in array array['base', 'catalog', 'channel', 'customer', 'sales', 'stock', 'shipping', 'mail', 'document', 'transit', 'staff', 'report', 'access'] loop
        foreach v_role in array array['daicho_staff', 'daicho_function', 'daicho_web', 'daicho_worker', 'daicho_owner', 'daicho_manager',
            'daicho_order_desk', 'daicho_support', 'daicho_warehouse', 'daicho_purchasing', 'daicho_merchandiser', 'daicho_accounting',
            'daicho_analyst', 'daicho_outside_warehouse', 'public'] loop
            execute format('revoke all on all tables in schema %I from %s', v_schema, case v_role when 'public' then v_role else quote_ident(v_role) end);
            execute format('revoke all on all sequences in schema %I from %s', v_schema, case v_role when 'public' then v_role else quote_ident(v_role) end);
        end loop;
    end loop;
    for v_policy in
        select policy.polname, policy.polrelid::regclass as polrel
        from pg_catalog.pg_policy as policy
        join pg_catalog.pg_class as class on class.oid = policy.polrelid
        where class.relnamespace::regnamespace::text in ('base', 'catalog', 'channel', 'customer', 'sales', 'stock', 'shipping', 'mail', 'document', 'transit', 'staff')
    loop
        execute format('drop policy %I on %s', v_policy.polname, v_policy.polrel);
    end loop;
end;
$$;
