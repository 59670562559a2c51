create or replace function access.sees_people()
    returns boolean
    language sql
    stable
    security definer
    set search_path = ''
as $$
    -- A role of the shop's own is asked for as itself, not as whoever owns this function.
    select coalesce((
        select has_column_privilege(role.oid, 'sales.sales_order_party'::regclass, 'buyer_name', 'select')
        from pg_catalog.pg_roles as role
        where role.rolname = access.role_name(access.role_in_force())
    ), false)
$$;
comment on function access.sees_people() is '人の名前を見てよいか。 | Sees people. Whether the role of who asks may read whose order it is.';
