create or replace function staff.own_choices(p_kind text, p_choices text[])
    returns text[]
    language plpgsql
    immutable
    set search_path = ''
as $$
declare
    v_choices text[];
begin
    if p_kind <> 'choice' then
        return null;
    end if;
    v_choices := array(
        select btrim(choice.choice)
        from unnest(p_choices) with ordinality as choice (choice, place)
        where btrim(choice.choice) <> ''
        group by btrim(choice.choice)
        order by min(choice.place)
    );
    if cardinality(v_choices) not between 1 and 100
        or exists (
            select from unnest(v_choices) as choice
            where length(choice) > 100 or choice ~ '[[:cntrl:]]' or choice ~ U&'[\200B\200E\200F\202A-\202E\2066-\2069\FEFF]'
        ) then
        raise exception '選択肢は 1〜100 個で、それぞれ 100 文字までです。 | There are 1 to 100 choices of 100 characters at most.'
            using errcode = 'DC003', column = 'choices', hint = '一行に一つ書きます。 | Write one on each line.';
    end if;
    return v_choices;
end;
$$;
comment on function staff.own_choices(text, text[]) is '選択肢を整える。 | Tidy the choices. Trimmed, each once, within the limits.';
