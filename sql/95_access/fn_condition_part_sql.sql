create or replace function access.condition_part_sql(p_relation_id oid, p_part jsonb, p_depth integer)
    returns text
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    c_depth_max constant integer := 8;
    v_keys text[];
    v_group jsonb;
begin
    if p_depth > c_depth_max then
        raise exception '条件の入れ子が深すぎます。% 段までです。 | The condition is nested too deeply: % levels at most.', c_depth_max, c_depth_max
            using errcode = 'DC030', hint = '入れ子を減らします。 | Take levels away.';
    end if;
    if jsonb_typeof(p_part) = 'object' then
        v_keys := array(select jsonb_object_keys(p_part));
    end if;
    case
        when v_keys = '{}' then
            return 'true';
        when v_keys = '{not}' then
            return format('not coalesce(%s, false)', access.condition_part_sql(p_relation_id, p_part -> 'not', p_depth + 1));
        when v_keys in ('{all}', '{any}') then
            v_group := p_part -> v_keys[1];
            if jsonb_typeof(v_group) = 'array' then
                return coalesce(
                    (
                        select '(' || string_agg(access.condition_part_sql(p_relation_id, part.value, p_depth + 1),
                            case v_keys[1] when 'all' then ' and ' else ' or ' end order by part.place) || ')'
                        from jsonb_array_elements(v_group) with ordinality as part (value, place)
                    ),
                    case v_keys[1] when 'all' then 'true' else 'false' end
                );
            end if;
        when v_keys <@ '{column,op,value}' and v_keys @> '{op}' then
            return access.condition_leaf_sql(p_relation_id, p_part);
        else
            null;
    end case;
    raise exception '条件の形が正しくありません。 | The condition has no form that is known.'
        using errcode = 'DC030', hint = '{"all": […]}、{"any": […]}、{"not": …} か {"column": …, "op": …, "value": …} です。 | It is {"all": […]}, {"any": […]}, {"not": …} or {"column": …, "op": …, "value": …}.';
end;
$$;
comment on function access.condition_part_sql(oid, jsonb, integer) is
    '条件の一部を SQL にする。 | Part of a condition as SQL. A group of parts, or a single one.';
