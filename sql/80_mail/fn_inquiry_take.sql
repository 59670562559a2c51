create or replace function mail.inquiry_take(
    p_shop_id bigint, p_message_no text, p_references text[], p_words text[], p_address_key uuid, p_address text, p_from_name text, p_subject text,
    p_received_at timestamptz, p_size bigint, p_is_truncated boolean
)
    returns table (inquiry_id bigint, inquiry_message_id bigint)
    language plpgsql
    security definer
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_inquiry mail.inquiry;
    v_mail mail.mail;
    v_customer_id bigint;
    v_orders bigint[];
    v_customers bigint[];
    v_message_id bigint;
begin
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_message_no, p_shop_id));
    if exists (select from mail.inquiry_message as known where known.shop_id = p_shop_id and known.message_no = p_message_no) then
        return;
    end if;
    -- A mail of our own that comes back is no inquiry: a copy to ourselves, or what was forwarded
    if exists (select from mail.mail as own where own.message_no = p_message_no and own.shop_id = p_shop_id) then
        return;
    end if;
    select identity.customer_id into v_customer_id
    from customer.identity as identity
    where identity.identity_key = p_address_key and identity.identity_kind = 'email';
    -- First what it answers: a mail of the thread, else a mail that we sent
    select inquiry.* into v_inquiry
    from mail.inquiry as inquiry
    where inquiry.inquiry_id = (
        select message.inquiry_id
        from mail.inquiry_message as message
        where message.inquiry_message_id in (
            select known.inquiry_message_id
            from mail.inquiry_message as known
            where known.shop_id = p_shop_id and known.message_no = any(p_references)
            union all
            select sent.inquiry_message_id
            from mail.mail as sent
            where sent.message_no = any(p_references) and sent.shop_id = p_shop_id
        )
        order by message.inquiry_message_id desc
        limit 1
    );
    if v_inquiry.inquiry_id is null then
        select sent.* into v_mail
        from mail.mail as sent
        where sent.message_no = any(p_references) and sent.shop_id = p_shop_id
        order by sent.mail_id desc
        limit 1;
        if v_mail.sales_order_id is not null then
            select v_mail.sales_order_id, sales_order.customer_id, 'reply', v_mail.message_no
            into v_inquiry.sales_order_id, v_inquiry.customer_id, v_inquiry.linked_by, v_inquiry.evidence
            from sales.sales_order as sales_order
            where sales_order.sales_order_id = v_mail.sales_order_id;
        else
            select array_agg(found.sales_order_id), array_agg(distinct found.customer_id) filter (where found.customer_id is not null), min(found.word)
            into v_orders, v_customers, v_inquiry.evidence
            from (
                select sales_order.sales_order_id, sales_order.customer_id, sales_order.external_order_no::text as word
                from sales.sales_order as sales_order
                where sales_order.shop_id = p_shop_id and sales_order.external_order_no = any(p_words)
                union
                select sales_order.sales_order_id, sales_order.customer_id, sales_order.order_no
                from unnest(p_words) as given
                join sales.sales_order as sales_order on sales_order.shop_id = p_shop_id
                    and sales_order.sales_order_id = substr(given, 2)::bigint
                where given ~ '^[Dd][0-9]{8,12}$'
            ) as found;
            if (select count(distinct one) from unnest(v_orders) as one) = 1 then
                v_inquiry.sales_order_id := v_orders[1];
                v_inquiry.customer_id := v_customers[1];
                v_inquiry.linked_by := 'order_no';
            elsif cardinality(v_orders) > 1 and cardinality(v_customers) = 1 then
                v_inquiry.customer_id := v_customers[1];
                v_inquiry.linked_by := 'order_no';
            else
                v_inquiry.evidence := null;
            end if;
            if v_inquiry.linked_by is null and v_customer_id is not null then
                v_inquiry.customer_id := v_customer_id;
                v_inquiry.linked_by := 'address';
                -- The one order that they can mean: several are for a person to tell apart
                select case when count(*) = 1 then min(sales_order.sales_order_id) end
                into v_inquiry.sales_order_id
                from sales.sales_order as sales_order
                where sales_order.customer_id = v_customer_id and sales_order.shop_id = p_shop_id and not sales_order.is_history
                    and sales_order.ordered_at > now() - interval '90 days';
            end if;
        end if;
        insert into mail.inquiry (shop_id, customer_id, sales_order_id, opened_at, last_at, linked_by, evidence)
        values (p_shop_id, v_inquiry.customer_id, v_inquiry.sales_order_id, p_received_at, p_received_at, v_inquiry.linked_by, v_inquiry.evidence)
        returning inquiry.* into v_inquiry;
        insert into mail.inquiry_party (inquiry_id, from_address, from_name, subject)
        values (v_inquiry.inquiry_id, p_address, p_from_name, p_subject);
    else
        update mail.inquiry as inquiry
        set state = 'open', last_at = greatest(inquiry.last_at, p_received_at)
        where inquiry.inquiry_id = v_inquiry.inquiry_id;
    end if;
    insert into mail.inquiry_message (inquiry_id, shop_id, message_no, in_reply_to, received_at, size, is_truncated, is_known_address)
    values (v_inquiry.inquiry_id, p_shop_id, p_message_no, p_references[cardinality(p_references)], p_received_at, p_size, p_is_truncated,
        case when v_inquiry.customer_id is not null then v_inquiry.customer_id is not distinct from v_customer_id end)
    returning inquiry_message.inquiry_message_id into v_message_id;
    insert into mail.inquiry_message_party (inquiry_message_id, address, subject) values (v_message_id, p_address, p_subject);
    return query select v_inquiry.inquiry_id, v_message_id;
end;
$$;
comment on function mail.inquiry_take(bigint, text, text[], text[], uuid, text, text, text, timestamptz, bigint, boolean) is
    'メールを問い合わせに入れる。返信の元、受注番号、アドレスの順に結ぶ。同じメールは何も返さない。 | Take a mail in: linked by what it answers, by order numbers, by address, in this order. The same mail again returns nothing.';
