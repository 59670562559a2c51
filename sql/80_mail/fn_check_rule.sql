create or replace function mail.check_rule()
    returns trigger
    language plpgsql
    set search_path = ''
as $$
declare
    v_fault text;
begin
    if not exists (
        select from mail.mail_template as template
        where template.template_code = new.template_code and template.ended_at is null
            and (template.shop_id is null or template.shop_id = new.shop_id)
    ) then
        raise exception 'ひな形 % がありません。 | There is no template %.', new.template_code, new.template_code
            using errcode = 'DC404', column = 'template_code', schema = 'mail', table = 'mail_rule',
            hint = 'メールのひな形の一覧からコードを選びます。 | Choose a code from the list of mail templates.';
    end if;
    if not exists (select from mail.mail_event as event where event.mail_event = new.mail_event and event.is_by_itself) then
        raise exception 'このきっかけは自動では起きません。 | This event does not happen by itself.'
            using errcode = 'DC010', column = 'mail_event', schema = 'mail', table = 'mail_rule',
            hint = '自動で起きるきっかけを選びます。 | Choose an event that happens by itself.';
    end if;
    if new.condition is not null then
        v_fault := access.condition_fault('sales.sales_order', new.condition);
        if v_fault is not null then
            raise exception '条件が読めません: % | The condition is not understood: %', split_part(v_fault, ' | ', 1), split_part(v_fault, ' | ', 2)
                using errcode = 'DC030', column = 'condition', schema = 'mail', table = 'mail_rule',
                hint = '受注の抽出条件と同じ形で書きます。 | Write it as the condition of a search of orders.';
        end if;
    end if;
    return new;
end;
$$;
comment on function mail.check_rule() is '規則を確かめる。ひな形があり、条件が読めること。 | Check a rule. Its template is there and its condition is understood.';
