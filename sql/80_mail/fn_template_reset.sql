create or replace function mail.template_reset(p_mail_template_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update mail.mail_template as template
    set subject = standard.subject, text_body = standard.text_body, html_body = null, is_advertising = standard.is_advertising,
        saved_at = now(), saved_by = access.account_id()
    from mail.standard_template as standard
    where template.mail_template_id = p_mail_template_id and standard.template_code = template.template_code and standard.locale = template.locale;
    if not found then
        raise exception 'このひな形には標準の文がありません。 | This template has no standard text.'
            using errcode = 'DC404', hint = '自分で作ったひな形は、直すか、使わなくします。 | One that you made is changed, or no longer used.';
    end if;
end;
$$;
comment on function mail.template_reset(bigint) is '標準に戻す。 | Back to the standard text.';
