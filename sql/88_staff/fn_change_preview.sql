create or replace function staff.change_preview(p_relation text, p_condition jsonb, p_keys jsonb, p_values jsonb, p_limit integer)
    returns table (of_all bigint, differing bigint, row_key jsonb, old jsonb)
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_table regclass := access.relation_id(p_relation)::regclass;
    v_where text := access.matching_sql(p_relation, p_condition, p_keys);
    v_values text := coalesce((select string_agg(quote_ident(name), ', ') from jsonb_object_keys(p_values) as name), 'null');
    v_differs text := coalesce((
        select string_agg(format('to_jsonb(target.%1$I) is distinct from to_jsonb(was.%1$I)', name), ' or ') from jsonb_object_keys(p_values) as name
    ), 'true');
    v_old text := coalesce((select string_agg(format('%1$L, target.%1$I', name), ', ') from jsonb_object_keys(p_values) as name), '');
    v_keys text;
    v_object text;
begin
    select string_agg(quote_ident(attribute.attname), ', ' order by place),
        string_agg(format('%1$L, target.%1$I', attribute.attname), ', ' order by place)
    into v_keys, v_object
    from pg_catalog.pg_index as index
    cross join lateral unnest(index.indkey::smallint[]) with ordinality as key (number, place)
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = v_table and attribute.attnum = key.number
    where index.indrelid = v_table and index.indisprimary;
    if v_keys is null then
        raise exception 'この一覧の行には鍵がないので、まとめて扱えません。 | Rows of this list have no key and cannot be dealt with together.'
            using errcode = 'DC010', hint = '表の一覧を使います。 | Use the list of the table itself.';
    end if;
    return query execute format(
        'with target as (select %1$s, %2$s from %3$s where %4$s), was as (select * from pg_catalog.jsonb_populate_record(null::%3$s, $1)),
        counted as (select count(*) as of_all, count(*) filter (where %5$s) as differing from target, was),
        first as (select jsonb_build_object(%6$s) as row_key, jsonb_build_object(%7$s) as old from target, was where %5$s order by %8$s limit $2)
        select counted.of_all, counted.differing, first.row_key, first.old from counted left join first on true',
        v_keys, v_values, v_table, v_where, v_differs, v_object, v_old,
        (select string_agg('target.' || one, ', ') from unnest(string_to_array(v_keys, ', ')) as one)
    ) using p_values, greatest(1, least(p_limit, 1000));
end;
$$;
comment on function staff.change_preview(text, jsonb, jsonb, jsonb, integer) is
    '一括変更の下見。合う行の数、違う行の数、最初の行の今の値。 | Change preview. How many rows match and how many differ, and what the first of these hold now.';
