create or replace function document.template_keep(p_template_digest text, p_parts jsonb)
    returns void
    language sql
    security definer
    set search_path = ''
as $$
    insert into document.template_text (template_digest, parts)
    values (p_template_digest, p_parts)
    on conflict (template_digest) do nothing
$$;
comment on function document.template_keep(text, jsonb) is
    '様式をとっておく。発行した帳票に使ったもの。 | Keep a template. One that issued documents are set by.';
