-- What search indexes are made of: a change here is a migration that makes those indexes anew.
create function base.search_text(p_text text)
    returns text
    language plpgsql
    immutable
    parallel safe
    set search_path = ''
as $$
declare
    v_text text := regexp_replace(lower(normalize(p_text, nfkc)), '[ \t\u3000・]+', '', 'g');
begin
    -- The long lists are slow, and most texts need them not.
    if v_text ~ '[ぁ-ゖ髙﨑𠮷邊邉齋齊斎斉德濵濱瀨嶋國澤廣櫻眞惠壽栁桒]' then
        v_text := translate(v_text,
            'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔ髙﨑𠮷邊邉齋齊斎斉德濵濱瀨嶋國澤廣櫻眞惠壽栁桒',
            'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴ高崎吉辺辺斉斉斉斉徳浜浜瀬島国沢広桜真恵寿柳桑');
    end if;
    return v_text;
end;
$$;
comment on function base.search_text(text) is
    '検索のための文字。幅、大小、かな、よくある異体字をそろえ、空白を除く。 | Text for searching. One width, one case, one kana, common variants of kanji made one, no blanks.';
create function base.search_digits(p_text text)
    returns text
    language sql
    immutable
    parallel safe
as $$
    -- Abroad a Japanese number begins with +81 for its 0.
    select regexp_replace(regexp_replace(normalize(p_text, nfkc), '^\s*\+81[-\s(]*0?', '0'), '[^0-9]', '', 'g')
$$;
comment on function base.search_digits(text) is '電話番号の数字。 | Digits of a phone number, without what stands between them.';
create function base.search_terms(p_names text, p_phone text, p_other_phone text)
    returns text[]
    language plpgsql
    immutable
    parallel safe
    set search_path = ''
as $$
declare
    v_letters text[] := coalesce(string_to_array(base.search_text(p_names), null), '{}');
    v_digits text;
    v_terms text[] := '{}';
begin
    -- Two letters of a name, four digits of a phone: what an index can find of a part. A loop is five times as fast as a query here.
    for v_place in 1 .. cardinality(v_letters) loop
        -- The first letter alone too: many a family name is one kanji.
        if v_letters[v_place] <> e'\n' and (v_place = 1 or v_letters[v_place - 1] = e'\n') then
            v_terms := v_terms || v_letters[v_place];
        end if;
        if v_letters[v_place] <> e'\n' and v_letters[v_place + 1] <> e'\n' then
            v_terms := v_terms || (v_letters[v_place] || v_letters[v_place + 1]);
        end if;
    end loop;
    foreach v_digits in array array[base.search_digits(p_phone), base.search_digits(p_other_phone)] loop
        for v_place in 1 .. coalesce(length(v_digits), 0) - 3 loop
            v_terms := v_terms || substr(v_digits, v_place, 4);
        end loop;
    end loop;
    return v_terms;
end;
$$;
comment on function base.search_terms(text, text, text) is
    '検索の索引に入る語。名前は二文字ずつと初めの一文字、電話は四桁ずつ。名前は改行で区切る。 | Terms of a search index. Names two letters at a time and the first letter alone, phones four digits; names are set apart by line breaks.';
create function base.search_parts(p_words text[])
    returns text[]
    language sql
    immutable
    parallel safe
    set search_path = ''
as $$
    select coalesce(array_agg(distinct term), '{}')
    from unnest(p_words) as word, unnest(base.search_terms(word, null, null)) as term
    where length(term) > 1
$$;
comment on function base.search_parts(text[]) is
    '探す語。名前のどこかにある言葉を、索引の二文字ずつの語にする。 | Parts searched for. Words that stand anywhere in a name, as the two-letter terms of the index.';
