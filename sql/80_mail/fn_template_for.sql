create or replace function mail.template_for(p_template_code text, p_shop_id bigint, p_locale text)
    returns bigint
    language sql
    stable
    set search_path = ''
as $$
    -- The shop's own before that of all shops, the buyer's language before the other
    select template.mail_template_id
    from mail.mail_template as template
    where template.template_code = p_template_code and template.ended_at is null and (template.shop_id = p_shop_id or template.shop_id is null)
    order by template.shop_id is null, template.locale <> p_locale, template.locale desc, template.mail_template_id
    limit 1
$$;
comment on function mail.template_for(text, bigint, text) is
    'ひな形を選ぶ。店舗のもの、買う人の言語のものを先に。なければ null。 | Choose a template. The shop''s own first, then the buyer''s language; null when there is none.';
