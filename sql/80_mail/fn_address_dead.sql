create or replace function mail.address_dead(p_address_key uuid, p_why text, p_mail_id bigint, p_said text)
    returns void
    language sql
    security definer
    set search_path = ''
as $$
    insert into mail.dead_address (address_key, why, mail_id, customer_id, said)
    select p_address_key, p_why, p_mail_id, sales_order.customer_id, left(p_said, 500)
    from mail.mail as mail
    left join sales.sales_order as sales_order on sales_order.sales_order_id = mail.sales_order_id
    where mail.mail_id = p_mail_id
    on conflict (address_key) do nothing
$$;
comment on function mail.address_dead(uuid, text, bigint, text) is
    '届かないアドレスとして記す。 | Note a dead address. Nothing is sent there until a person takes it out.';
