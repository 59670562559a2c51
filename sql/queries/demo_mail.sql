with account as (
    insert into mail.mail_account (shop_id, from_address, from_name, smtp_host, smtp_port, smtp_security, per_minute, bounce_address)
    select shop.shop_id, 'shop@' || shop.shop_code || '.example', shop.shop_name, '127.0.0.1', %(port)s, 'none', 600, 'bounce@' || shop.shop_code || '.example'
    from channel.shop as shop
    where shop.shop_code = any(%(shop_codes)s)
    on conflict (shop_id) do nothing
    returning 1
)
update mail.mail_rule as rule
set is_on = true
where rule.mail_event in ('order_received', 'payment_asked', 'payment_received', 'shipped', 'cancelled', 'refunded') and exists (select from account)
returning rule.mail_rule_id;
