create or replace function staff.own_default(p_kind text, p_type text, p_default text)
    returns text
    language plpgsql
    set search_path = ''
as $$
declare
    v_default text := case when p_kind in ('text', 'long_text') then nullif(p_default, '') else nullif(btrim(p_default), '') end;
begin
    if v_default is null then
        return null;
    end if;
    if v_default = 'now' and p_kind in ('date', 'moment') then
        return case p_kind when 'date' then 'base.today()' else 'now()' end;
    end if;
    -- "tomorrow" would be the day after this one for ever.
    if p_kind in ('date', 'moment') and v_default !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}' then
        raise invalid_datetime_format;
    end if;
    if length(v_default) > 10000 or p_kind <> 'long_text' and (length(v_default) > 500 or v_default ~ '[[:cntrl:]]') then
        raise string_data_right_truncation;
    end if;
    execute format('select %L::%s', v_default, p_type);
    return format('%L::%s', v_default, p_type);
exception
    when data_exception or check_violation then
        raise exception '初期値「%」は、この種類の値ではありません。 | The default "%" is not of this kind.', left(v_default, 60), left(v_default, 60)
            using errcode = 'DC003', column = 'default_text',
            hint = case
                when p_kind in ('date', 'moment') then '日付は 2026-11-24 のように、今日・今なら now と書きます。 | A day is written 2026-11-24, and now means today or this moment.'
                when p_kind in ('text', 'long_text') then '長い文は 10,000 文字、ほかは 500 文字までで、制御文字は書けません。 | 10,000 characters for a long text, 500 for others, and no control characters.'
                when p_kind = 'yes_no' then 'true か false を書きます。 | Write true or false.'
                else '数を書きます。例: 1980 | Write a number, such as 1980.' end;
end;
$$;
comment on function staff.own_default(text, text, text) is '初期値を式にする。 | Make the default an expression. Of the column''s type, or refused.';
