create or replace function access.rows_count(p_relation text, p_condition jsonb, p_limit integer)
    returns integer
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    c_limit_max constant integer := 1000000;
    v_rows integer;
begin
    execute format('select count(*) from (select from %s where %s limit %s) as found', access.relation_id(p_relation)::regclass,
        access.condition_sql(p_relation, p_condition), greatest(0, least(p_limit, c_limit_max)))
        into v_rows;
    return v_rows;
end;
$$;
comment on function access.rows_count(text, jsonb, integer) is
    '件数。見てよい行のうち条件に合うものを、上限まで数える。 | Count of rows. Of those that the caller may see and that meet the condition, counted no further than the limit.';
