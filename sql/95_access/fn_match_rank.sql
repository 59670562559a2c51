create or replace function access.match_rank(p_words text[], p_digits text, p_mail text, p_names text[], p_phones text[], p_mail_address text)
    returns integer
    language sql
    immutable
    set search_path = ''
as $$
    select greatest(
        case when p_words <> '{}' then (
            select case when bool_and(word.text = any(name.texts)) then 85
                when bool_and(exists (select from unnest(name.texts) as one (text) where starts_with(one.text, word.text))) then 75
                when bool_and(exists (select from unnest(name.texts) as one (text) where strpos(one.text, word.text) > 0)) then 65 end
            from (select array(select base.search_text(known.text) from unnest(p_names) as known (text))) as name (texts), unnest(p_words) as word (text)
        ) end,
        case when p_digits is not null then (
            select max(case when phone.digits = p_digits then 90 when phone.digits like '%' || p_digits then 85 when strpos(phone.digits, p_digits) > 0 then 65 end)
            from (select base.search_digits(known.text) from unnest(p_phones) as known (text)) as phone (digits)
        ) end,
        case when lower(p_mail_address) = p_mail then 90 when starts_with(lower(p_mail_address), p_mail) then 70 end
    )
$$;
comment on function access.match_rank(text[], text, text, text[], text[], text) is
    '合い方の強さ。違う人なら null。 | Strength of a match; null for somebody else.';
