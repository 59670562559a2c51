create or replace function access.is_person_asked(p_words text[], p_digits text, p_mail text, p_names text, p_phone text, p_other_phone text,
    p_mail_address text)
    returns boolean
    language plpgsql
    immutable
    set search_path = ''
as $$
declare
    v_names text;
    v_word text;
begin
    if starts_with(lower(p_mail_address), p_mail) then
        return true;
    elsif p_digits is not null then
        return coalesce(strpos(base.search_digits(p_phone), p_digits), 0) > 0 or coalesce(strpos(base.search_digits(p_other_phone), p_digits), 0) > 0;
    end if;
    v_names := base.search_text(p_names);
    foreach v_word in array p_words loop
        if strpos(v_names, v_word) = 0 then
            return false;
        end if;
    end loop;
    return p_words <> '{}';
end;
$$;
comment on function access.is_person_asked(text[], text, text, text, text, text, text) is
    'その人か。名前（改行で区切る）、電話、メールが、探している人に合うか。 | Is the person asked for. Whether names (set apart by line breaks), phones and mail fit what access.person_asked says.';
