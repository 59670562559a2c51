create or replace function staff.own_grant(p_table_name text)
    returns void
    language plpgsql
    set search_path = ''
as $$
declare
    v_table regclass := staff.own_relation(p_table_name);
    v_own text[];
    v_right record;
    v_all text;
begin
    if v_table is null then
        return;
    end if;
    select array_agg(column_now.name) into v_own from staff.own_columns_now(p_table_name) as column_now;
    for v_right in select * from staff.own_rights(p_table_name) as own_right loop
        -- A grant on the whole table would show every column: it becomes one by column while anything is hidden.
        if v_right.is_wide then
            select string_agg(quote_ident(attribute.attname), ', ' order by attribute.attnum)
            into v_all
            from pg_catalog.pg_attribute as attribute
            where attribute.attrelid = v_table and attribute.attnum > 0 and not attribute.attisdropped and attribute.attname <> all(v_right.hidden);
            if cardinality(v_right.hidden) > 0 or not v_right.is_whole then
                execute format('revoke %s on %s from %I', v_right.verb, v_table, v_right.grantee);
                execute format('grant %s %s on %s to %I', v_right.verb, case when cardinality(v_right.hidden) > 0 then '(' || v_all || ')' else '' end,
                    v_table, v_right.grantee);
            end if;
        else
            if cardinality(v_right.hidden) > 0 then
                execute format('revoke %s (%s) on %s from %I', v_right.verb,
                    (select string_agg(quote_ident(name), ', ') from unnest(v_right.hidden) as name), v_table, v_right.grantee);
            end if;
            if cardinality(v_right.shown) > 0 then
                execute format('grant %s (%s) on %s to %I', v_right.verb,
                    (select string_agg(quote_ident(name), ', ') from unnest(v_right.shown) as name), v_table, v_right.grantee);
            end if;
        end if;
    end loop;
end;
$$;
comment on function staff.own_grant(text) is
    '独自の列の権限を配る。表全体の許可は、隠す列があるあいだ列ごとにする。 | Grant own columns. A grant on the whole table becomes one by column while any is hidden.';
