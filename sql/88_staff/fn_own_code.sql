create or replace function staff.own_code(p_code text, p_label_en text)
    returns text
    language plpgsql
    immutable
    set search_path = ''
as $$
declare
    v_given text := coalesce(nullif(btrim(p_code), ''), p_label_en, '');
    v_code text := btrim(regexp_replace(lower(v_given), '[^a-z0-9]+', '_', 'g'), '_');
begin
    v_code := regexp_replace(v_code, '^x_', '');
    if v_code = '' then
        raise exception 'コードがありません。 | The code is missing.'
            using errcode = 'DC003', column = 'code',
            hint = '英語の名称から作ります。なければ、英小文字で書きます。例: season | It is made of the English label. Without one, write it in small letters, such as season.';
    end if;
    if v_code !~ '^[a-z][a-z0-9_]{0,37}$' or v_code ~ '^(removed_|pg_)' or v_code ~ '_x_' then
        raise exception 'コード「%」は使えません。 | The code "%" cannot be used.',
            translate(left(v_given, 60), '|', '/'), translate(left(v_given, 60), '|', '/')
            using errcode = 'DC003', column = 'code',
            hint = '英小文字で始まる、英小文字・数字・_ の 38 文字までを書きます。 | Write a small letter, then small letters, digits and _, 38 at most.';
    end if;
    return v_code;
end;
$$;
comment on function staff.own_code(text, text) is
    'コードを決める。書いたもの、なければ英語の名称から。 | Make a code. From what was written, else from the English label.';
