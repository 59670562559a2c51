create or replace function access.condition_value_sql(p_column text, p_type text, p_kind text, p_value jsonb, p_days integer)
    returns text
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    c_text_max constant integer := 10000;
    c_number_max constant integer := 60;
    c_day constant text := '^\d{4}-\d{2}-\d{2}$';
    c_moment constant text := '^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?';
    v_text text := p_value #>> '{}';
    v_zone constant text := 'at time zone (select base.setting_text(''time_zone''))';
    v_part text[];
    v_is_number boolean := false;
begin
    if jsonb_typeof(p_value) not in ('string', 'number', 'boolean') or length(v_text) > c_text_max then
        v_text := null;
    end if;
    if p_kind in ('date', 'moment', 'local') then
        v_text := regexp_replace(v_text, '^(\d{4})/(\d{1,2})/(\d{1,2})', '\1-\2-\3');
        v_text := regexp_replace(v_text, '^(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)', '\1-0\2-0\3');
        v_text := regexp_replace(v_text, '^(\d{4})-0?(\d{2})-0?(\d{2})(?!\d)', '\1-\2-\3');
    end if;
    if p_kind = 'number' and length(v_text) <= c_number_max and v_text ~ '^[+-]?\d+(\.\d+)?$' then
        -- In a statement of its own: asked here, pg_input_is_valid would keep to the type of the first call in this transaction.
        execute format('select pg_catalog.pg_input_is_valid(%L, %L)', v_text, p_type) into v_is_number;
    end if;
    case
        when v_text is null then
            null;
        when p_kind = 'text' then
            return format('%L::text', v_text);
        when v_is_number then
            return format('%L::%s', v_text, p_type);
        when p_kind = 'boolean' and v_text in ('true', 'false') then
            return format('%L::boolean', v_text);
        when p_kind = 'uuid' and pg_input_is_valid(v_text, 'uuid') then
            return format('%L::uuid', v_text);
        when p_kind = 'time' and v_text ~ '^\d{2}:\d{2}' and pg_input_is_valid(v_text, 'time') then
            return format('%L::time', v_text);
        when p_kind in ('date', 'moment', 'local') and v_text ~ '^@today([+-]\d{1,4})?$' then
            v_part := regexp_match(v_text, '^@today([+-]\d+)?$');
            v_text := format('(select base.today() + %s)', coalesce(v_part[1]::integer, 0) + p_days);
            return case p_kind when 'date' then v_text when 'local' then v_text || '::timestamp' else v_text || '::timestamp ' || v_zone end;
        when p_kind in ('moment', 'local') and v_text ~ '^@now([+-]\d{1,5}[mhd])?$' then
            v_part := regexp_match(v_text, '^@now(?:([+-]\d+)([mhd]))?$');
            v_text := format('now() + interval %L', coalesce(v_part[1], '0') || case v_part[2] when 'h' then ' hours' when 'd' then ' days' else ' minutes' end);
            return case p_kind when 'local' then format('(select (%s) %s)', v_text, v_zone) else format('(select %s)', v_text) end;
        when p_kind in ('date', 'moment', 'local') and v_text ~ c_day and pg_input_is_valid(v_text, 'date') then
            v_text := (v_text::date + p_days)::text;
            return case p_kind when 'date' then format('%L::date', v_text) when 'local' then format('%L::timestamp', v_text)
                else format('%L::timestamp %s', v_text, v_zone) end;
        when p_kind in ('moment', 'local') and v_text ~ (c_moment || '$') and pg_input_is_valid(v_text, 'timestamp') then
            return case p_kind when 'local' then format('%L::timestamp', v_text) else format('%L::timestamp %s', v_text, v_zone) end;
        when p_kind = 'moment' and v_text ~ (c_moment || '(Z|[+-]\d{2}(:?\d{2})?)$') and pg_input_is_valid(v_text, 'timestamptz') then
            return format('%L::timestamptz', v_text);
        else
            null;
    end case;
    raise exception '列「%」と比べられる値ではありません。 | This cannot be compared with the column "%".', p_column, p_column
        using errcode = 'DC030', column = p_column, hint = case p_kind
            when 'text' then format('文字列を %s 文字までで書きます。 | Write a text of %s characters at most.', c_text_max, c_text_max)
            when 'number' then '数を書きます。例: 1980 | Write a number, such as 1980.'
            when 'boolean' then 'true か false を書きます。 | Write true or false.'
            when 'uuid' then 'UUID を書きます。 | Write a UUID.'
            when 'time' then '時刻を書きます。例: 14:02 | Write a time, such as 14:02.'
            when 'date' then '日付を書きます。例: 2026-11-24、@today-7 | Write a day, such as 2026-11-24 or @today-7.'
            else '日付か日時を書きます。例: 2026-11-24T14:02、@today-7、@now-2h | Write a day or a time, such as 2026-11-24T14:02, @today-7 or @now-2h.'
        end;
end;
$$;
comment on function access.condition_value_sql(text, text, text, jsonb, integer) is
    '値を SQL の定数にする。列の型の値でなければ断る。 | Value as SQL. A quoted constant of the column''s type; anything else is refused.';
