create or replace function access.condition_compare_sql(p_column text, p_type text, p_kind text, p_op text, p_value jsonb)
    returns text
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    c_values_max constant integer := 1000;
    c_sign constant jsonb := '{"eq": "=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}';
    v_values jsonb := case when p_op in ('in', 'between') then p_value else jsonb_build_array(p_value) end;
    v_first text;
    v_is_day boolean;
begin
    if p_value is null or jsonb_typeof(v_values) <> 'array' or jsonb_array_length(v_values) > c_values_max
        or p_op = 'between' and jsonb_array_length(v_values) <> 2
        or p_op not in ('in', 'eq') and v_values @> '[null]' then
        raise exception '列「%」の値が足りないか、多すぎます。 | The column "%" has too few values to compare with, or too many.', p_column, p_column
            using errcode = 'DC030', column = p_column,
                hint = format('between は二つ、in は %s 個まで、ほかは一つです。空は empty で探します。 | between has two, in has %s at most, the others one; empty finds what is empty.',
                    c_values_max, c_values_max);
    end if;
    if p_op = 'in' then
        return coalesce((
            select '(' || string_agg(one.text, ' or ') || ')'
            from (
                select access.condition_compare_sql(p_column, p_type, p_kind, 'eq', item.value) as text
                from (select distinct item.value from jsonb_array_elements(v_values) as item) as item
                where p_kind in ('moment', 'local') or item.value = 'null'
                union all
                select format('%I in (%s)', p_column, string_agg(access.condition_value_sql(p_column, p_type, p_kind, item.value, 0), ', '))
                from (select distinct item.value from jsonb_array_elements(v_values) as item) as item
                where p_kind not in ('moment', 'local') and item.value <> 'null'
                having count(*) > 0
            ) as one
        ), 'false');
    end if;
    if v_values -> 0 = 'null' then
        return format('%I is null', p_column);
    end if;
    if p_op = 'between' then
        return format('(%s and %s)', access.condition_compare_sql(p_column, p_type, p_kind, 'ge', v_values -> 0),
            access.condition_compare_sql(p_column, p_type, p_kind, 'le', v_values -> 1));
    end if;
    if p_op in ('contains', 'starts') then
        return format('%I ilike %s', p_column, access.like_sql(p_column, v_values -> 0, case p_op when 'contains' then '%' else '' end));
    end if;
    v_first := access.condition_value_sql(p_column, p_type, p_kind, v_values -> 0, 0);
    -- A day among moments is all of it: "at most the 24th" includes the 24th's evening.
    v_is_day := p_kind in ('moment', 'local') and (v_values ->> 0) ~ '^(@today|\d{4}[-/]\d{1,2}[-/]\d{1,2}$)';
    if v_is_day and p_op = 'eq' then
        return format('(%I >= %s and %I < %s)', p_column, v_first, p_column, access.condition_value_sql(p_column, p_type, p_kind, v_values -> 0, 1));
    elsif v_is_day and p_op in ('le', 'gt') then
        return format('%I %s %s', p_column, case p_op when 'le' then '<' else '>=' end,
            access.condition_value_sql(p_column, p_type, p_kind, v_values -> 0, 1));
    end if;
    return format('%I %s %s', p_column, c_sign ->> p_op, v_first);
end;
$$;
comment on function access.condition_compare_sql(text, text, text, text, jsonb) is
    '比較を SQL にする。日時の列では、日付はその一日のこと。 | Comparison as SQL. Among moments a day means the whole of it.';
