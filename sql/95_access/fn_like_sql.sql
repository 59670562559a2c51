create or replace function access.like_sql(p_column text, p_value jsonb, p_before text)
    returns text
    language plpgsql
    stable
    set search_path = ''
as $$
begin
    -- Judged as a text first: length, type.
    perform access.condition_value_sql(p_column, 'text', 'text', p_value, 0);
    return format('%L::text', p_before || regexp_replace(p_value #>> '{}', '([\\%_])', '\\\1', 'g') || '%');
end;
$$;
comment on function access.like_sql(text, jsonb, text) is
    '部分一致の型。% と _ は文字として扱う。 | Pattern. A text to be found as it is, with its % and _ escaped.';
