create or replace function access.condition_leaf_sql(p_relation_id oid, p_leaf jsonb)
    returns text
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    c_shown_max constant integer := 63;
    v_op text := p_leaf ->> 'op';
    v_name text := p_leaf ->> 'column';
    -- A sentence has a bar between its languages.
    v_shown text := left(translate(coalesce(v_name, ''), '|', ' '), c_shown_max);
    v_type text;
    v_kind text;
    v_ops text[];
begin
    if v_op = 'search' and not p_leaf ? 'column' then
        return access.condition_search_sql(p_relation_id, p_leaf -> 'value');
    end if;
    select format_type(base.oid, null), access.column_kind(base.oid) into v_type, v_kind
    from pg_catalog.pg_attribute as attribute
    join pg_catalog.pg_type as type on type.oid = attribute.atttypid
    join pg_catalog.pg_type as base on base.oid = coalesce(nullif(type.typbasetype, 0), type.oid)
    where attribute.attrelid = p_relation_id and attribute.attname = v_name and attribute.attnum > 0 and not attribute.attisdropped
        and has_column_privilege(p_relation_id, attribute.attnum, 'select');
    if v_kind is null then
        raise exception '列「%」はないか、見る権限がありません。 | The column "%" is not there, or you may not see it.', v_shown, v_shown
            using errcode = 'DC030', column = v_shown, hint = '条件からこの列を外すか、別の列を選びます。 | Take the column out of the condition, or choose another.';
    end if;
    v_ops := case v_kind
        when 'text' then '{empty,filled,eq,ne,in,lt,le,gt,ge,between,contains,starts}'
        when 'boolean' then '{empty,filled,eq,ne,in}'
        when 'uuid' then '{empty,filled,eq,ne,in}'
        when 'other' then '{empty,filled}'
        else '{empty,filled,eq,ne,in,lt,le,gt,ge,between}'
    end;
    if v_op is null or v_op <> all (v_ops) then
        raise exception '列「%」に「%」という比べ方はできません。 | The column "%" cannot be compared by "%".',
            v_shown, left(translate(v_op, '|', ' '), c_shown_max), v_shown, left(translate(v_op, '|', ' '), c_shown_max)
            using errcode = 'DC030', column = v_name,
                hint = format('使えるもの: %s | These can be used: %s', array_to_string(v_ops, ' '), array_to_string(v_ops, ' '));
    end if;
    case v_op
        when 'empty' then
            return case v_kind when 'text' then format('coalesce(%I, '''') = ''''', v_name) else format('%I is null', v_name) end;
        when 'filled' then
            return case v_kind when 'text' then format('%I <> ''''', v_name) else format('%I is not null', v_name) end;
        when 'ne' then
            return format('not coalesce(%s, false)', access.condition_compare_sql(v_name, v_type, v_kind, 'eq', p_leaf -> 'value'));
        else
            return access.condition_compare_sql(v_name, v_type, v_kind, v_op, p_leaf -> 'value');
    end case;
end;
$$;
comment on function access.condition_leaf_sql(oid, jsonb) is
    '一つの条件を SQL にする。列と比べ方が正しくなければ断る。 | Single condition as SQL. Refuses a column or comparison that does not exist.';
