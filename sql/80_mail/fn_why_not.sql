create or replace function mail.why_not(p_mail_ids bigint[])
    returns table (mail_id bigint, state text, reason text)
    language plpgsql
    stable
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_rule record;
    v_fault text;
begin
    return query
    select judged.mail_id, case when judged.has_template then 'skipped' else 'refused' end, judged.reason
    from (
        select due.mail_id, template.mail_template_id is not null as has_template, case
            when template.mail_template_id is null then 'ひな形がありません。 | Its template is gone.'
            when rule.mail_rule_id is not null and not rule.is_on then '規則が切られました。 | Its rule was switched off.'
            when rule.mail_rule_id is not null and due.due_at < now() - rule.stale_after then '予定から時間がたちすぎました。 | It is too late for it now.'
            when due.sales_order_id is null then null
            when party.forgotten_at is not null then 'お客様の情報は消去されました。 | The buyer was forgotten.'
            when coalesce(party.buyer_email, '') = '' then 'メールアドレスがありません。 | There is no mail address.'
            when template.is_advertising and not exists (
                select from mail.consent as consent
                where consent.customer_id = sales_order.customer_id and consent.shop_id = sales_order.shop_id
                    and consent.given_at is not null and coalesce(consent.withdrawn_at, '-infinity') < consent.given_at
            ) then '広告メールの同意がありません。 | There is no consent to advertising.'
            when due.mail_event not in ('cancelled', 'refunded', 'chosen', 'reply') and sales_order.cancelled_at is not null
                then 'キャンセルされました。 | It was cancelled.'
            when due.mail_event in ('payment_asked', 'payment_reminder') and sales_order.paid_at is not null then '入金済みです。 | It is paid.'
            when due.mail_event = 'payment_received' and sales_order.paid_at is null then '入金が取り消されました。 | The payment was taken back.'
            when due.mail_event in ('delayed', 'back_in_stock') and sales_order.shipped_at is not null then '出荷しました。 | It was shipped.'
            when due.mail_event in ('shipped', 'delivered') and sales_order.shipped_at is null then '出荷されていません。 | It is not shipped.'
            when due.mail_event = 'cancelled' and sales_order.cancelled_at is null then 'キャンセルではなくなりました。 | It is not cancelled any more.'
            when due.mail_event = 'delayed' and not exists (
                select from sales.hold as hold
                where hold.sales_order_id = due.sales_order_id and hold.is_open and hold.hold_reason in ('awaiting_stock', 'awaiting_goods')
            ) then 'もう待っていません。 | It waits no longer.'
            when due.mail_event = 'back_in_stock' and exists (
                select from sales.hold as hold
                where hold.sales_order_id = due.sales_order_id and hold.is_open and hold.hold_reason in ('awaiting_stock', 'awaiting_goods')
            ) then 'また在庫を待っています。 | It waits for stock again.'
            when due.mail_event = 'back_in_stock' and not exists (
                select from mail.mail as told
                where told.sales_order_id = due.sales_order_id and told.mail_event = 'delayed' and told.state = 'sent'
            ) then '遅れを知らせていません。 | Nobody was told of a delay.'
        end as reason
        from mail.mail as due
        left join mail.mail_rule as rule on rule.mail_rule_id = due.mail_rule_id
        left join sales.sales_order as sales_order on sales_order.sales_order_id = due.sales_order_id
        left join sales.sales_order_party as party on party.sales_order_id = due.sales_order_id
        left join mail.mail_template as template on template.mail_template_id = mail.template_for(due.template_code, due.shop_id, 'ja')
        where due.mail_id = any(p_mail_ids) and due.inquiry_message_id is null
    ) as judged
    where judged.reason is not null;
    return query
    select due.mail_id, 'skipped', case
        when party.body is null then 'お客様の情報は消去されました。 | The buyer was forgotten.'
        else '転送先がなくなりました。 | There is nowhere to forward it to any more.' end
    from mail.mail as due
    join mail.inquiry_message_party as party on party.inquiry_message_id = due.inquiry_message_id
    where due.mail_id = any(p_mail_ids) and (party.body is null or due.mail_event = 'forward' and not exists (
        select from mail.mailbox as mailbox where mailbox.shop_id = due.shop_id and mailbox.forward_to is not null));
    for v_rule in
        select rule.mail_rule_id, rule.condition, array_agg(due.sales_order_id) as orders
        from mail.mail as due
        join mail.mail_rule as rule on rule.mail_rule_id = due.mail_rule_id and rule.condition is not null
        where due.mail_id = any(p_mail_ids)
        group by rule.mail_rule_id, rule.condition
    loop
        v_fault := access.condition_fault('sales.sales_order', v_rule.condition);
        if v_fault is not null then
            return query
            select due.mail_id, 'refused', '規則の条件が読めません。 | The condition of its rule is not understood.'
            from mail.mail as due
            where due.mail_id = any(p_mail_ids) and due.mail_rule_id = v_rule.mail_rule_id;
            continue;
        end if;
        return query execute format(
            'select due.mail_id, ''skipped'', ''規則の条件に合いません。 | The condition of its rule does not hold.''
            from mail.mail as due
            where due.mail_id = any($1) and due.mail_rule_id = $2 and due.sales_order_id not in (
                select sales_order_id from sales.sales_order where sales_order_id = any($3) and (%s)
            )', access.condition_sql('sales.sales_order', v_rule.condition)
        ) using p_mail_ids, v_rule.mail_rule_id, v_rule.orders;
    end loop;
end;
$$;
comment on function mail.why_not(bigint[]) is
    '送らない理由。今の事実から。理由のないメールは出ない。 | Why a mail is not sent, by the facts of now; one without a reason does not appear.';
