create or replace function document.form_template_take(p_form_template_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_template document.form_template;
begin
    select template.* into v_template
    from document.form_template as template
    where template.form_template_id = p_form_template_id and template.shop_id = any((select access.shop_ids())::bigint[]);
    if not found then
        raise exception '様式 % が見つかりません。 | Template % is not there.', p_form_template_id, p_form_template_id
            using errcode = 'DC404', hint = '様式の画面で選び直します。 | Choose it again on the page of templates.';
    end if;
    -- Chosen already: nothing happens
    if exists (
        select from document.forms_in_force(v_template.document_kind, array[v_template.shop_id]) as held
        where held.form_template_id = p_form_template_id
    ) then
        return;
    end if;
    insert into document.form_choice (shop_id, document_kind, form_template_id, chosen_by)
    values (v_template.shop_id, v_template.document_kind, p_form_template_id, access.account_id());
end;
$$;
comment on function document.form_template_take(bigint) is
    '様式を使い始める。試して組めた版だけ。前の版にもこれで戻す。 | Take into force. Only a version that was tried and could be set; also the way back to an earlier one.';
