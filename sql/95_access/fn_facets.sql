create or replace function access.facets(p_relation text, p_condition jsonb, p_columns text[], p_limit integer)
    returns table (column_name text, value text, rows integer, is_limited boolean)
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    c_limit_max constant integer := 100000;
    c_columns_max constant integer := 20;
    c_values_max constant integer := 50;
    v_relation_id oid := access.relation_id(p_relation);
    v_limit integer := greatest(1, least(p_limit, c_limit_max));
    v_wrong text;
begin
    select left(translate(wanted.name, '|', ' '), 63) into v_wrong
    from unnest(p_columns) with ordinality as wanted (name, place)
    where wanted.place > c_columns_max or not exists (
        select from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = v_relation_id and attribute.attname = wanted.name and attribute.attnum > 0 and not attribute.attisdropped
            and has_column_privilege(v_relation_id, attribute.attnum, 'select')
    )
    limit 1;
    if found then
        raise exception '列「%」はないか、見る権限がないか、列が多すぎます。 | The column "%" is not there, or you may not see it, or there are too many.',
            v_wrong, v_wrong
            using errcode = 'DC030', column = v_wrong, hint = '列を選び直します。20 個までです。 | Choose other columns, 20 at most.';
    end if;
    if coalesce(cardinality(p_columns), 0) = 0 then
        return;
    end if;
    -- Rows are read once, and no further than the limit: a facet of a million rows is a taste of them.
    return query execute format(
        'with found as materialized (select %s from %s where %s limit %s),
        counted as (
            select cell.column_name, cell.value, count(*)::integer as rows
            from found cross join lateral (values %s) as cell (column_name, value)
            group by cell.column_name, cell.value
        ), ranked as (
            select counted.*, row_number() over (partition by counted.column_name order by counted.rows desc, counted.value) as rank from counted
        )
        select ranked.column_name, ranked.value, ranked.rows, (select count(*) >= %s from found)
        from ranked where ranked.rank <= %s order by array_position(%L::text[], ranked.column_name), ranked.rank',
        (select string_agg(format('%I::text as c%s', wanted.name, wanted.place), ', ') from unnest(p_columns) with ordinality as wanted (name, place)),
        v_relation_id::regclass, access.condition_sql(p_relation, p_condition), v_limit,
        (select string_agg(format('(%L, found.c%s)', wanted.name, wanted.place), ', ') from unnest(p_columns) with ordinality as wanted (name, place)),
        v_limit, c_values_max, p_columns);
end;
$$;
comment on function access.facets(text, jsonb, text[], integer) is
    '絞り込みの候補。見てよい行のうち条件に合うものを上限まで読み、列ごとに値と件数を返す。上限に達したら is_limited。 | Facets. The values of each column and their counts among the rows that meet the condition, read no further than the limit; is_limited says when it was reached.';
