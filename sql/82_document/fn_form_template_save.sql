create or replace function document.form_template_save(p_shop_id bigint, p_document_kind text, p_body text)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_body text := replace(p_body, E'\r\n', E'\n');
    v_newest document.form_template;
    v_form_template_id bigint;
begin
    perform document.form_owned(p_shop_id, p_document_kind);
    -- Versions are counted one after the other
    perform pg_advisory_xact_lock(hashtextextended(format('document.form %s %s', p_shop_id, p_document_kind), 0));
    select template.* into v_newest
    from document.form_template as template
    where template.shop_id = p_shop_id and template.shop_id = any((select access.shop_ids())::bigint[])
        and template.document_kind = p_document_kind
    order by template.version_no desc
    limit 1;
    -- The same once more is no new version
    if v_newest.body = v_body then
        return v_newest.form_template_id;
    end if;
    insert into document.form_template (shop_id, document_kind, version_no, body, saved_by)
    values (p_shop_id, p_document_kind, coalesce(v_newest.version_no, 0) + 1, v_body, access.account_id())
    returning form_template_id into v_form_template_id;
    return v_form_template_id;
end;
$$;
comment on function document.form_template_save(bigint, text, text) is
    '様式を保存する。新しい版になる。使い始めるのは別の操作。 | Save a template. As a new version; taking it into force is another step.';
