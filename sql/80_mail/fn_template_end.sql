create or replace function mail.template_end(p_mail_template_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_template mail.mail_template;
begin
    update mail.mail_template as template set ended_at = now() where template.mail_template_id = p_mail_template_id and template.ended_at is null
    returning template.* into v_template;
    if v_template.mail_template_id is null then
        raise exception 'ひな形 % は見つかりません。 | Template % is not there.', p_mail_template_id, p_mail_template_id
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    if exists (
        select from mail.mail_rule as rule
        where rule.is_on and rule.template_code = v_template.template_code and not exists (
            select from mail.mail_template as left_over
            where left_over.template_code = v_template.template_code and left_over.ended_at is null
                and (left_over.shop_id is null or left_over.shop_id = rule.shop_id)
        )
    ) then
        raise exception 'このひな形は規則が使っています。 | A rule uses this template.'
            using errcode = 'DC010', hint = '先に規則を切ります。 | Switch the rule off first.';
    end if;
end;
$$;
comment on function mail.template_end(bigint) is '使わなくする。 | End a template. It is not used any more.';
