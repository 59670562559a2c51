create or replace function mail.due_make(p_sales_order_ids bigint[], p_mail_event text)
    returns void
    language sql
    set search_path = ''
as $$
    insert into mail.mail (shop_id, sales_order_id, mail_rule_id, mail_event, template_code, due_at, keeps_quiet)
    select sales_order.shop_id, sales_order.sales_order_id, rule.mail_rule_id, p_mail_event, rule.template_code, clock_timestamp() + rule.wait, rule.keeps_quiet
    from mail.mail_rule as rule
    join sales.sales_order as sales_order on sales_order.sales_order_id = any(p_sales_order_ids) and not sales_order.is_history
        and (rule.shop_id is null or rule.shop_id = sales_order.shop_id)
    where rule.is_on and rule.mail_event = p_mail_event
        -- A shop's own rule of the same template stands before the one of all shops
        and (rule.shop_id is not null or not exists (
            select from mail.mail_rule as own
            where own.is_on and own.mail_event = p_mail_event and own.template_code = rule.template_code and own.shop_id = sales_order.shop_id
        ))
    order by sales_order.sales_order_id, rule.mail_rule_id
    on conflict (sales_order_id, mail_event, template_code, again_no) where inquiry_message_id is null do nothing
$$;
comment on function mail.due_make(bigint[], text) is
    'メールを予定する。起きたことに効いている規則ごとに一通。同じものは二度作らない。 | Make mails due. One for each rule that is on for what happened; never the same twice.';
