create or replace function staff.entries_undo(p_table text, p_columns text[], p_ids bigint[], p_row_keys jsonb[], p_changes jsonb[])
    returns table (audit_log_id bigint, table_name text, row_key jsonb, outcome text, reason text)
    language plpgsql
    set search_path = ''
as $$
declare
    v_table regclass := access.relation_id(p_table)::regclass;
    v_columns text[] := staff.writable_columns(v_table, p_changes[1], 'update');
    v_statement text;
begin
    -- Whole columns alone: where one may not be written, each row is told by itself.
    if not v_columns @> p_columns then
        return;
    end if;
    select format(
        'with back as (
            update %1$s as target set %2$s
            from unnest($1, $2, $3) as entry (id, row_key, change)
            cross join lateral (
                select jsonb_object_agg(one.key, one.value -> ''old'') as old, jsonb_object_agg(one.key, one.value -> ''new'') as new
                from jsonb_each(entry.change) as one
            ) as side
            cross join lateral pg_catalog.jsonb_populate_record(null::%1$s, entry.row_key) as wanted
            cross join lateral pg_catalog.jsonb_populate_record(null::%1$s, side.old) as was
            cross join lateral pg_catalog.jsonb_populate_record(null::%1$s, side.new) as made
            where %3$s and %4$s
            returning entry.id
        )
        select entry.id, $4, entry.row_key, case when back.id is null then ''changed_since'' else ''undone'' end, null::text
        from unnest($1, $2) as entry (id, row_key) left join back on back.id = entry.id order by entry.id desc',
        v_table,
        (select string_agg(format('%1$I = was.%1$I', name), ', ') from unnest(p_columns) as name),
        (select string_agg(format('target.%1$I = wanted.%1$I', name), ' and ') from jsonb_object_keys(p_row_keys[1]) as name),
        (select string_agg(format('to_jsonb(target.%1$I) is not distinct from to_jsonb(made.%1$I)', name), ' and ') from unnest(p_columns) as name)
    ) into v_statement;
    return query execute v_statement using p_ids, p_row_keys, p_changes, p_table;
exception when others then
    -- A row stands in the way: each is tried by itself.
    return;
end;
$$;
comment on function staff.entries_undo(text, text[], bigint[], jsonb[], jsonb[]) is
    '同じ列の変更をまとめて戻す。できなければ行を返さない。 | Undo alike entries. Changes of the same columns of one table in one statement; no rows when it cannot be done so.';
