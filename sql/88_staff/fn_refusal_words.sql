create or replace function staff.refusal_words(p_state text, p_message text, p_hint text, p_constraint text, p_table text)
    returns text
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_said text;
begin
    if p_state like 'DC%' or p_state = 'P0001' then
        -- Each language on its own side of the bar.
        return btrim(split_part(p_message, ' | ', 1) || ' ' || split_part(coalesce(p_hint, ''), ' | ', 1))
            || ' | ' || btrim(coalesce(nullif(split_part(p_message, ' | ', 2), ''), p_message) || ' '
                || coalesce(nullif(split_part(coalesce(p_hint, ''), ' | ', 2), ''), coalesce(p_hint, '')));
    end if;
    select pg_catalog.obj_description(con.oid, 'pg_constraint') into v_said
    from pg_catalog.pg_constraint as con
    where con.conname = nullif(p_constraint, '') and (con.contypid <> 0 or con.conrelid = pg_catalog.to_regclass(p_table))
    limit 1;
    return case
        when p_state = '23503' then 'ほかの行が使っているか、指すものがありません。 | Other rows use this, or what it points to is not there.'
        when v_said is not null then v_said
        when p_state = '42501' then 'この操作はあなたの役割ではできません。 | Your role may not do this.'
        when p_state = '23505' then '同じものがすでにあります。 | The same is there already.'
        when p_state = '23502' then '必ず入れる列です。 | A column must be filled in.'
        when p_state in ('55P03', '40P01', '40001') then 'ほかの人が同じ行を使っています。 | Somebody else is using the same row.'
        when p_state like '22%' then '書き方が列に合いません。 | The value is not written as the column wants it.'
        else format('データベースが受け付けませんでした（%s）。 | The database refused this (%s).', p_state, p_state)
    end;
end;
$$;
comment on function staff.refusal_words(text, text, text, text, text) is
    '断られた理由。二言語の文にする。 | Refusal in words. Why the database refused, in both languages.';
