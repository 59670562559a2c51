create or replace function mail.template_save(
    p_mail_template_id bigint, p_version integer, p_template_code text, p_template_name text, p_mail_event text, p_shop_id bigint, p_locale text,
    p_is_advertising boolean, p_subject text, p_text_body text, p_html_body text, p_attached_kind text, p_variables text[]
)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_unknown text;
    v_id bigint;
begin
    select string_agg(given, ', ' order by given)
    into v_unknown
    from unnest(p_variables) as given
    where given not in (select variable.variable from mail.mail_variable as variable);
    if v_unknown is not null then
        raise exception 'ひな形に知らない項目があります: %。 | The template names unknown variables: %.', v_unknown, v_unknown
            using errcode = 'DC003', hint = '項目の一覧から選びます。 | Choose from the list of variables.';
    end if;
    if p_is_advertising and not 'unsubscribe_url' = any(p_variables) then
        raise exception '広告のひな形には配信停止の先 unsubscribe_url が要ります。 | An advertising template must say unsubscribe_url.'
            using errcode = 'DC003', hint = '本文に {{ unsubscribe_url }} を入れます。 | Write {{ unsubscribe_url }} into the text.';
    end if;
    if p_attached_kind is not null and not exists (
        select from document.document_kind as kind where kind.document_kind = p_attached_kind and kind.is_per_order and kind.is_for_buyer
            and kind.made_of = 'sales.sales_order'
    ) then
        raise exception '帳票 % は添付できません。 | Document % cannot be attached.', p_attached_kind, p_attached_kind
            using errcode = 'DC404', hint = 'お客様に渡す帳票を選びます。 | Choose a document that is for buyers.';
    end if;
    if p_shop_id is not null and not p_shop_id = any((select access.shop_ids())::bigint[]) or p_shop_id is null and not access.sees_all() then
        raise exception 'この店舗のひな形は変えられません。 | You may not change templates of this shop.'
            using errcode = 'DC403', hint = '自分の店舗を選びます。 | Choose one of your shops.';
    end if;
    if p_mail_template_id is null then
        insert into mail.mail_template (template_code, template_name, mail_event, shop_id, locale, is_advertising, subject, text_body, html_body,
            attached_kind, saved_by)
        values (p_template_code, p_template_name, p_mail_event, p_shop_id, p_locale, p_is_advertising, p_subject, p_text_body,
            nullif(p_html_body, ''), p_attached_kind, access.account_id())
        returning mail_template_id into v_id;
        return v_id;
    end if;
    update mail.mail_template as template
    set template_name = p_template_name, is_advertising = p_is_advertising, subject = p_subject, text_body = p_text_body,
        html_body = nullif(p_html_body, ''), attached_kind = p_attached_kind, saved_at = now(), saved_by = access.account_id()
    where template.mail_template_id = p_mail_template_id and template.version = p_version and template.ended_at is null
        and template.shop_id is not distinct from p_shop_id;
    if not found then
        raise exception 'ひな形は他の人が先に変えました。 | Somebody else changed the template first.'
            using errcode = 'DC012', hint = '開き直して、もう一度直します。 | Open it again and make your change anew.';
    end if;
    return p_mail_template_id;
end;
$$;
comment on function mail.template_save(bigint, integer, text, text, text, bigint, text, boolean, text, text, text, text, text[]) is
    'ひな形を保存する。番号が空なら新しく作る。知らない項目は断る。番号を返す。 | Save a template; a new one when the number is empty. Unknown variables are refused. Returns its number.';
