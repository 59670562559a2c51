create or replace function access.row_is_used(p_table regclass, p_row_key jsonb)
    returns boolean
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
declare
    v_reference record;
    v_found boolean;
begin
    for v_reference in
        select con.conrelid::regclass as child, string_agg(format('child.%I = wanted.%I', own.attname, target.attname), ' and ') as matched
        from pg_catalog.pg_constraint as con
        cross join lateral unnest(con.conkey, con.confkey) as pair (own_no, target_no)
        join pg_catalog.pg_attribute as own on own.attrelid = con.conrelid and own.attnum = pair.own_no
        join pg_catalog.pg_attribute as target on target.attrelid = con.confrelid and target.attnum = pair.target_no
        where con.contype = 'f' and con.confrelid = p_table
        group by con.oid, con.conrelid
    loop
        execute format('select exists (select from %s as child, jsonb_populate_record(null::%s, $1) as wanted where %s)',
            v_reference.child, p_table, v_reference.matched) into v_found using p_row_key;
        if v_found then
            return true;
        end if;
    end loop;
    return false;
end;
$$;
comment on function access.row_is_used(regclass, jsonb) is
    '使われているか。ほかの行がこの行を指しているか。 | Row is used. Whether other rows point to it.';
