create or replace function staff.keys_matching(p_relation text, p_condition jsonb, p_keys jsonb, p_after jsonb, p_limit integer)
    returns setof jsonb
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_table regclass := access.relation_id(p_relation)::regclass;
    v_columns text;
    v_object text;
    v_wanted text;
begin
    -- In the order of the key: a batch that was done lies before all that are to come, whatever it changed.
    select string_agg(quote_ident(attribute.attname), ', ' order by place),
        string_agg(format('%L, %I', attribute.attname, attribute.attname), ', ' order by place),
        string_agg('wanted.' || quote_ident(attribute.attname), ', ' order by place)
    into v_columns, v_object, v_wanted
    from pg_catalog.pg_index as index
    cross join lateral unnest(index.indkey::smallint[]) with ordinality as key (number, place)
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = v_table and attribute.attnum = key.number
    where index.indrelid = v_table and index.indisprimary;
    if v_columns is null then
        raise exception 'この一覧の行には鍵がないので、まとめて扱えません。 | Rows of this list have no key and cannot be dealt with together.'
            using errcode = 'DC010', hint = '表の一覧を使います。 | Use the list of the table itself.';
    end if;
    return query execute format('select jsonb_build_object(%s) from %s where %s%s order by %s limit %s', v_object, v_table,
        access.matching_sql(p_relation, p_condition, p_keys),
        case when p_after is null then '' else format(
            ' and (%s) > (select %s from pg_catalog.jsonb_populate_record(null::%s, %L::jsonb) as wanted)', v_columns, v_wanted, v_table, p_after
        ) end, v_columns, greatest(0, least(p_limit, 10000)));
end;
$$;
comment on function staff.keys_matching(text, jsonb, jsonb, jsonb, integer) is
    '条件に合う行の鍵。鍵の順に、前の鍵の後から。 | Keys of matching rows. In the order of the key, after the last one; of those that the caller may see.';
