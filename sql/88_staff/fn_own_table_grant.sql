create or replace function staff.own_table_grant(p_table_name text)
    returns void
    language plpgsql
    set search_path = ''
as $$
declare
    v_table regclass := staff.own_relation(p_table_name);
    v_own staff.own_table := (select own_table from staff.own_table as own_table where own_table.table_name = p_table_name);
    v_code text;
begin
    if v_table is null then
        return;
    end if;
    for v_code in
        select acl.grantee::regrole::text
        from pg_catalog.pg_class as class
        cross join lateral pg_catalog.aclexplode(class.relacl) as acl
        where class.oid = v_table and acl.grantee not in (0, class.relowner)
        union
        select acl.grantee::regrole::text
        from pg_catalog.pg_attribute as attribute
        cross join lateral pg_catalog.aclexplode(attribute.attacl) as acl
        where attribute.attrelid = v_table and not attribute.attisdropped and acl.grantee <> 0
    loop
        execute format('revoke all on %s from %s', v_table, v_code);
    end loop;
    if v_own.removed_at is not null then
        return;
    end if;
    foreach v_code in array v_own.readers loop
        execute format('grant select on %s to %I', v_table, access.role_name(v_code));
    end loop;
    foreach v_code in array v_own.writers loop
        execute format('grant insert, update, delete on %s to %I', v_table, access.role_name(v_code));
    end loop;
    perform staff.own_grant(p_table_name);
end;
$$;
comment on function staff.own_table_grant(text) is '独自の表の権限を配る。外した表は誰にも。 | Grant an own table. A removed one to nobody.';
