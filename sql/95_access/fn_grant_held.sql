create or replace function access.grant_held(p_object_name text, p_verb text, p_columns text[], p_holder text)
    returns boolean
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
declare
    v_holder oid := (select role.oid from pg_catalog.pg_roles as role where role.rolname = access.role_name(p_holder));
    v_schema text := split_part(p_object_name, '.', 1);
    v_name text := split_part(p_object_name, '.', 2);
    v_relation oid;
begin
    if v_holder is null or v_schema not in ('base', 'catalog', 'channel', 'customer', 'sales', 'stock', 'shipping', 'mail', 'document', 'transit', 'staff', 'report', 'access') then
        return false;
    end if;
    if p_verb = 'execute' then
        return coalesce((
            select bool_and(pg_catalog.has_function_privilege(v_holder, function.oid, 'execute'))
            from pg_catalog.pg_proc as function
            where function.pronamespace::regnamespace::text = v_schema and function.proname = v_name
        ), false);
    end if;
    select class.oid into v_relation
    from pg_catalog.pg_class as class
    where class.relnamespace::regnamespace::text = v_schema and class.relname = v_name and class.relkind in ('r', 'p', 'v', 'm');
    if not found or p_verb not in ('select', 'insert', 'update', 'delete') then
        return false;
    end if;
    if p_columns = '{}' then
        return pg_catalog.has_table_privilege(v_holder, v_relation, p_verb) or p_verb <> 'delete' and not exists (
            -- A shop's own column that is hidden makes of one right on the table one for each column.
            select from pg_catalog.pg_attribute as attribute
            where attribute.attrelid = v_relation and attribute.attnum > 0 and not attribute.attisdropped and attribute.attname not like 'x\_%'
                and not pg_catalog.has_column_privilege(v_holder, v_relation, attribute.attnum, p_verb)
        );
    end if;
    return p_verb <> 'delete' and coalesce((
        select bool_and(attribute.attnum is not null and pg_catalog.has_column_privilege(v_holder, v_relation, attribute.attnum, p_verb))
        from unnest(p_columns) as wanted (name)
        left join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = v_relation and attribute.attname = wanted.name and attribute.attnum > 0 and not attribute.attisdropped
    ), false);
end;
$$;
comment on function access.grant_held(text, text, text[], text) is
    '権限を持つか。その役割がその権限をすべて持つか。 | Right held. Whether a role holds this right whole; one on what is not there is held by nobody.';
