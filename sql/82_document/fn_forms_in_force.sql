create or replace function document.forms_in_force(p_document_kind text, p_shop_ids bigint[] default null)
    returns table (shop_id bigint, form_template_id bigint, version_no integer, body text)
    language sql
    stable
    set search_path = ''
as $$
    select template.shop_id, template.form_template_id, template.version_no, template.body
    from (
        select distinct on (choice.shop_id) choice.form_template_id
        from document.form_choice as choice
        where choice.document_kind = p_document_kind and (p_shop_ids is null or choice.shop_id = any(p_shop_ids))
        order by choice.shop_id, choice.form_choice_id desc
    ) as newest
    join document.form_template as template on template.form_template_id = newest.form_template_id
    order by template.shop_id
$$;
comment on function document.forms_in_force(text, bigint[]) is
    '有効な様式。店舗ごと。行のない店舗は標準の様式。 | Templates in force. By shop; a shop without a row has the standard one.';
