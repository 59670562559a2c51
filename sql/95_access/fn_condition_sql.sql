create or replace function access.condition_sql(p_relation text, p_condition jsonb)
    returns text
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    c_length_max constant integer := 200000;
    c_parts_max constant integer := 200;
    v_relation_id oid := access.relation_id(p_relation);
begin
    if p_condition is null or p_condition in ('{}', 'null') then
        return 'true';
    end if;
    if length(p_condition::text) > c_length_max
        or (select count(*) from jsonb_path_query(p_condition, 'strict $.** ? (@.type() == "object")')) > c_parts_max then
        raise exception '条件が大きすぎます。条件は % 個、% 文字までです。 | The condition is too large: it has % parts and % characters at most.',
            c_parts_max, c_length_max, c_parts_max, c_length_max
            using errcode = 'DC030', hint = '条件を分けるか減らします。 | Split the condition, or take parts away.';
    end if;
    return access.condition_part_sql(v_relation_id, p_condition, 1);
end;
$$;
comment on function access.condition_sql(text, jsonb) is
    '条件を SQL にする。all、any、not と {column, op, value} の木を、その表の列についての一つの式に訳す。値は必ず定数として引用する。 | Condition as SQL. Turns a tree of all, any, not and {column, op, value} into one expression over that relation''s columns; values are always quoted constants.';
