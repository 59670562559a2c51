create or replace function access.sees_people(p_relation_id oid)
    returns boolean
    language sql
    stable
    security definer
    set search_path = ''
as $$
    -- A role of the shop's own is asked for as itself, not as whoever owns this function.
    select coalesce((
        select has_column_privilege(role.oid, p_relation_id, case p_relation_id
            when 'customer.customer_party'::regclass then 'customer_name' else 'buyer_name' end, 'select')
        from pg_catalog.pg_roles as role
        where role.rolname = access.role_name(access.role_in_force())
    ), false)
$$;
comment on function access.sees_people(oid) is
    '人の名前を見てよいか。受注の人、または顧客。 | Sees people. Whether the role of who asks may read the names of an order''s people, or of customers.';
