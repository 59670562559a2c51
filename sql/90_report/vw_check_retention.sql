create or replace view report.check_retention with (security_invoker = true) as
select clock.retention_code::text as retention_code, overdue.row_id, overdue.since
from staff.retention_clock as clock
join lateral (
    select party.sales_order_id as row_id, coalesce(sales_order.shipped_at, sales_order.cancelled_at) as since
    from sales.sales_order_party as party
    join sales.sales_order as sales_order on sales_order.sales_order_id = party.sales_order_id
    where clock.retention_code = 'order_party' and party.forgotten_at is null and not sales_order.is_history
        and coalesce(sales_order.shipped_at, sales_order.cancelled_at) < now() - clock.keep - interval '1 day'
    union all
    select message.message_id, message.received_at
    from transit.message as message
    where clock.retention_code = 'message_body' and message.body is not null and message.outcome is not null
        and message.received_at < now() - clock.keep - interval '1 day'
    union all
    select party.mail_id, sent.ended_at
    from mail.mail_party as party
    join mail.mail as sent on sent.mail_id = party.mail_id
    where clock.retention_code = 'mail_body' and (party.to_address is not null or party.body is not null)
        and sent.ended_at < now() - clock.keep - interval '1 day'
    union all
    select inquiry.inquiry_id, inquiry.last_at
    from mail.inquiry as inquiry
    join mail.inquiry_party as party on party.inquiry_id = inquiry.inquiry_id and (party.from_address is not null or party.subject is not null)
    where clock.retention_code = 'inquiry_body' and inquiry.last_at < now() - clock.keep - interval '1 day'
    union all
    select party.quotation_id, coalesce(quotation.issued_on::timestamptz, quotation.made_at)
    from sales.quotation_party as party
    join sales.quotation as quotation on quotation.quotation_id = party.quotation_id
    where clock.retention_code = 'quotation_party' and party.forgotten_at is null
        and coalesce(quotation.issued_on::timestamptz, quotation.made_at) < now() - clock.keep - interval '1 day'
    union all
    select party.customer_id, last_order.ordered_at
    from customer.customer_party as party
    join customer.customer as known on known.customer_id = party.customer_id and known.forgotten_at is null
    cross join lateral (
        select max(sales_order.accepted_at) as ordered_at from sales.sales_order as sales_order where sales_order.customer_id = party.customer_id
    ) as last_order
    where clock.retention_code = 'customer_party' and last_order.ordered_at < now() - clock.keep - interval '1 day'
    union all
    select party.issued_document_id, issued.issued_at
    from document.issued_party as party
    join document.issued_document as issued on issued.issued_document_id = party.issued_document_id
    where clock.retention_code = 'issued_document' and document.kept_until(issued.issued_on) < base.today() - 1
        and (party.forgotten_at is null or party.issued_document_id in (select there from document.issued_keys_there() as there))
) as overdue on true
where clock.is_on;
comment on view report.check_retention is
    '保存期間の検査。期限を過ぎた個人情報。空であること。 @key(retention_code,row_id) | Retention check. Personal data that is overdue; must be empty. @key(retention_code,row_id)';
comment on column report.check_retention.retention_code is '保存期間。 | Retention clock.';
comment on column report.check_retention.row_id is '行。 | Row.';
comment on column report.check_retention.since is '起点。 | Since.';
