create or replace function staff.rows_change(p_relation text, p_keys jsonb, p_values jsonb)
    returns table (row_key jsonb, outcome text, reason text)
    language plpgsql
    set search_path = ''
as $$
declare
    v_table regclass := access.relation_id(p_relation)::regclass;
    v_statement text;
    v_closed text;
    v_key jsonb;
    v_state text;
    v_message text;
    v_hint text;
    v_constraint text;
begin
    select string_agg(name, ', ') into v_closed
    from jsonb_object_keys(p_values) as name
    where not exists (
        select from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = v_table and attribute.attname = name and attribute.attnum > 0 and not attribute.attisdropped
            and attribute.attgenerated = '' and pg_catalog.has_column_privilege(v_table, attribute.attnum, 'update')
    );
    if v_closed is not null or p_values = '{}' then
        raise exception '変えられない列です: % | These columns cannot be changed: %', translate(left(v_closed, 60), '|', ' '), translate(left(v_closed, 60), '|', ' ')
            using errcode = 'DC403', hint = '自分の役割で直せる列を選びます。 | Choose columns that your role may change.';
    end if;
    -- What is the same already is not written: no trigger, no entry in the audit log.
    select format(
        'with wanted as (
            select * from pg_catalog.jsonb_populate_recordset(null::%1$s, $1)
        ), changed as (
            update %1$s as target set %2$s from pg_catalog.jsonb_populate_record(null::%1$s, $2) as was, wanted
            where %3$s and (%4$s) returning %5$s
        )
        select jsonb_build_object(%6$s), case when changed.is_changed then ''changed'' when target.%7$I is null then ''gone'' else ''same'' end, null::text
        from wanted
        left join %1$s as target on %3$s
        left join (select changed.*, true as is_changed from changed) as changed on %8$s',
        v_table,
        (select string_agg(format('%1$I = was.%1$I', name), ', ') from jsonb_object_keys(p_values) as name),
        string_agg(format('target.%1$I = wanted.%1$I', attribute.attname), ' and '),
        (select string_agg(format('to_jsonb(target.%1$I) is distinct from to_jsonb(was.%1$I)', name), ' or ') from jsonb_object_keys(p_values) as name),
        string_agg(format('target.%1$I', attribute.attname), ', '),
        string_agg(format('%1$L, wanted.%1$I', attribute.attname), ', '),
        min(attribute.attname),
        string_agg(format('changed.%1$I = wanted.%1$I', attribute.attname), ' and ')
    )
    into v_statement
    from pg_catalog.pg_index as index
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = v_table and attribute.attnum = any(index.indkey)
    where index.indrelid = v_table and index.indisprimary;
    begin
        return query execute v_statement using p_keys, p_values;
        return;
    exception when others then
        get stacked diagnostics v_state = returned_sqlstate;
        -- A row stands in the way: each by itself, so that the others are done.
        if v_state in ('40P01', '40001', '55P03') or jsonb_array_length(p_keys) = 0 then
            raise;
        end if;
    end;
    for v_key in select one from jsonb_array_elements(p_keys) as one loop
        begin
            return query execute v_statement using jsonb_build_array(v_key), p_values;
        exception when others then
            get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_hint = pg_exception_hint,
                v_constraint = constraint_name;
            row_key := v_key;
            outcome := 'refused';
            reason := staff.refusal_words(v_state, v_message, v_hint, v_constraint, p_relation);
            return next;
        end;
    end loop;
end;
$$;
comment on function staff.rows_change(text, jsonb, jsonb) is
    '行をまとめて変える。changed、same、gone、refused を行ごとに答える。 | Change rows. One new value for each column in all of these rows; answers changed, same, gone or refused for each.';
