create or replace function access.matching_sql(p_relation text, p_condition jsonb, p_keys jsonb)
    returns text
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_relation regclass := access.relation_id(p_relation);
    v_columns text;
    v_parts text[] := '{}';
begin
    if p_condition is not null then
        v_parts := v_parts || format('(%s)', access.condition_sql(p_relation, p_condition));
    end if;
    if p_keys is not null then
        if jsonb_typeof(p_keys) <> 'array' or jsonb_array_length(p_keys) > 0 and jsonb_typeof(p_keys -> 0) <> 'object' then
            raise exception '選んだ行の書き方が違います。 | The chosen rows are not written as keys.'
                using errcode = 'DC002', hint = '一覧で選び直します。 | Choose them again in the list.';
        end if;
        select string_agg(quote_ident(attribute.attname), ', ' order by attribute.attnum)
        into v_columns
        from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = v_relation and attribute.attnum > 0 and not attribute.attisdropped
            and attribute.attname in (select jsonb_object_keys(p_keys -> 0));
        v_parts := v_parts || case when v_columns is null then 'false' else format(
            '(%1$s) in (select %1$s from pg_catalog.jsonb_populate_recordset(null::%2$s, %3$L::jsonb))', v_columns, v_relation, p_keys
        ) end;
    end if;
    return coalesce(nullif(array_to_string(v_parts, ' and '), ''), 'true');
end;
$$;
comment on function access.matching_sql(text, jsonb, jsonb) is
    '行の条件。条件の木と行の鍵から、検査済みの SQL を作る。 | Matching SQL. The checked condition for rows that match a condition tree, are of these keys, or both.';
