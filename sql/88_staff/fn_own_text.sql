create or replace function staff.own_text(p_field text, p_ja text, p_en text)
    returns text
    language plpgsql
    immutable
    set search_path = ''
as $$
declare
    v_ja text := nullif(btrim(regexp_replace(p_ja, '\s+', ' ', 'g')), '');
    v_en text := nullif(btrim(regexp_replace(p_en, '\s+', ' ', 'g')), '');
    v_both text := concat_ws(' ', v_ja, v_en);
    v_most integer := case p_field when 'label' then 60 else 500 end;
begin
    -- What would be read as a tag, as the other language or as the end of the label; marks that turn writing round.
    if v_both ~ '(^|[^A-Za-z0-9])@[a-z_]' or v_both ~ '[|[:cntrl:]]' or v_both ~ U&'[\200B\200E\200F\202A-\202E\2066-\2069\FEFF]'
        or p_field = 'label' and v_both ~ '。|[.]( |$)' then
        raise exception '「%」に使えない文字があります。 | "%" has characters that cannot be used.', translate(left(v_both, 60), '|', '/'), translate(left(v_both, 60), '|', '/')
            using errcode = 'DC003', column = p_field,
            hint = '縦棒、@で始まる語、制御文字は使えません。名称には句点も使えません。 | No bars, words that begin with @, control characters, or full stops in a label.';
    end if;
    if length(v_ja) > v_most or length(v_en) > v_most then
        raise exception '長すぎます。% 文字までです。 | This is too long: % characters at most.', v_most, v_most
            using errcode = 'DC003', column = p_field, hint = '短くします。 | Make it shorter.';
    end if;
    if p_field = 'label' and v_both = '' then
        raise exception '名称がありません。 | The label is missing.'
            using errcode = 'DC003', column = p_field, hint = '日本語か英語で書きます。 | Write it in Japanese or English.';
    end if;
    return case when v_both <> '' then concat_ws(' | ', v_ja, v_en) end;
end;
$$;
comment on function staff.own_text(text, text, text) is
    '二言語の文にする。印や制御文字を拒む。 | Make a bilingual text. Refuses what would be read as a tag or would mislead.';
