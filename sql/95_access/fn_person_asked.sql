create or replace function access.person_asked(p_words text, out words text[], out digits text, out mail text, out terms text[])
    language plpgsql
    immutable
    set search_path = ''
as $$
declare
    c_part_min constant integer := 4;
    v_plain text := left(normalize(p_words, nfkc), 200);
begin
    words := '{}';
    terms := '{}';
    digits := case when v_plain ~ '^[0-9+() -]+$' then base.search_digits(p_words) end;
    mail := case when btrim(v_plain) ~ '^[!-~]{3,}$' and digits is null then lower(btrim(v_plain)) end;
    if digits is null then
        words := array(
            select base.search_text(word)
            from regexp_split_to_table(btrim(v_plain), '\s+') as word
            where length(base.search_text(word)) >= 2
        );
        if words = '{}' and length(base.search_text(v_plain)) >= 2 then
            words := array[base.search_text(v_plain)];
        end if;
        terms := base.search_parts(words);
        -- One letter alone is what a name begins with, where a letter is a word
        if words = '{}' and base.search_text(v_plain) ~ '^[^\u0001-\u02ff]$' then
            words := array[base.search_text(v_plain)];
            terms := words;
        end if;
    elsif length(digits) >= c_part_min then
        terms := base.search_terms(null, digits, null);
    end if;
end;
$$;
comment on function access.person_asked(text) is
    'どの人を探しているか。氏名の言葉、電話の数字、メールの初め、索引の語。 | Person asked for. Words of a name, digits of a phone or the start of a mail address, and the terms of the index.';
