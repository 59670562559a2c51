create or replace function staff.retention_keep(p_limit integer)
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_order record;
    v_count integer := 0;
begin
    for v_order in
        select party.sales_order_id
        from staff.retention_clock as clock
        join sales.sales_order_party as party on party.forgotten_at is null
        join sales.sales_order as sales_order on sales_order.sales_order_id = party.sales_order_id and not sales_order.is_history
        where clock.retention_code = 'order_party' and clock.is_on
            and coalesce(sales_order.shipped_at, sales_order.cancelled_at) < now() - clock.keep
        order by party.sales_order_id
        limit p_limit
    loop
        perform customer.forget(v_order.sales_order_id);
        v_count := v_count + 1;
    end loop;
    update customer.customer_party as party
    set customer_name = null, customer_kana = null, email = null, phone = null, postal_code = null, region = null,
        address_line1 = null, address_line2 = null, company = null
    from staff.retention_clock as clock, customer.customer as known
    where clock.retention_code = 'customer_party' and clock.is_on and known.customer_id = party.customer_id and known.forgotten_at is null
        and (
            select max(sales_order.accepted_at) from sales.sales_order as sales_order where sales_order.customer_id = party.customer_id
        ) < now() - clock.keep;
    update customer.customer as known
    set forgotten_at = now()
    from staff.retention_clock as clock
    where clock.retention_code = 'customer_party' and clock.is_on and known.forgotten_at is null
        and (
            select max(sales_order.accepted_at) from sales.sales_order as sales_order where sales_order.customer_id = known.customer_id
        ) < now() - clock.keep;
    perform customer.own_forget('customer.customer_party', 'customer_id',
        array(select known.customer_id from customer.customer as known where known.forgotten_at = now()));
    update transit.message as message
    set body = null
    from staff.retention_clock as clock
    where clock.retention_code = 'message_body' and clock.is_on and message.body is not null and message.outcome is not null
        and message.received_at < now() - clock.keep;
    update mail.mail_party as party
    set to_address = null, subject = null, body = null
    from staff.retention_clock as clock, mail.mail as sent
    where clock.retention_code = 'mail_body' and clock.is_on and sent.mail_id = party.mail_id and sent.ended_at < now() - clock.keep
        and (party.to_address is not null or party.body is not null);
    perform mail.inquiries_forget(array(
        select inquiry.inquiry_id
        from staff.retention_clock as clock
        join mail.inquiry as inquiry on inquiry.last_at < now() - clock.keep
        join mail.inquiry_party as party on party.inquiry_id = inquiry.inquiry_id and (party.from_address is not null or party.subject is not null)
        where clock.retention_code = 'inquiry_body' and clock.is_on
        order by inquiry.inquiry_id
    ));
    perform sales.quotations_forget(array(
        select quotation.quotation_id
        from staff.retention_clock as clock
        join sales.quotation as quotation on coalesce(quotation.issued_on::timestamptz, quotation.made_at) < now() - clock.keep
        join sales.quotation_party as party on party.quotation_id = quotation.quotation_id and party.forgotten_at is null
        where clock.retention_code = 'quotation_party' and clock.is_on
        order by quotation.quotation_id
        limit p_limit
    ));
    perform document.issued_forget(array(
        select party.issued_document_id
        from document.issued_party as party
        join document.issued_document as issued on issued.issued_document_id = party.issued_document_id
        where party.forgotten_at is null and document.kept_until(issued.issued_on) < base.today()
        order by party.issued_document_id
        limit p_limit
    ));
    -- What has been done for two weeks tells nobody anything; what a person asked for, after a quarter.
    delete from transit.job_request as request
    where request.done_at < now() - case when request.label is null then interval '14 days' else interval '90 days' end;
    return v_count;
end;
$$;
comment on function staff.retention_keep(integer) is
    '保存期間を守る。期限を過ぎた個人情報を消し、受注の数を返す。 | Keep retention. Deletes personal data that is overdue; returns the number of orders.';
