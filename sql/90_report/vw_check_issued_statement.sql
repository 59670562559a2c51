create or replace view report.check_issued_statement with (security_invoker = true) as
with live as (
    select issued.issued_document_id, issued.issuer || ' ' || issued.document_no as place, issued.customer_id, issued.issuer, issued.currency_code,
        issued.tax_inclusive, issued.issue_part, issued.total - issued.mall_paid as sales_said, statement.previous_id, statement.begins_on,
        statement.closes_on, statement.previous_due, statement.received, statement.sales, statement.invoiced_before, statement.due
    from document.issued_document as issued
    join document.issued_statement as statement on statement.issued_document_id = issued.issued_document_id
    where not exists (select from document.issued_void as void where void.issued_document_id = issued.issued_document_id)
)
select live.place, 'sales' as finding, live.sales::text as detail
from live
where live.sales <> live.sales_said
union all
select live.place, 'received', live.received::text
from live
where live.received <> (
    select coalesce(sum(counted.amount), 0) from document.issued_statement_payment as counted where counted.issued_document_id = live.issued_document_id
)
union all
select live.place, 'invoiced_before', live.invoiced_before::text
from live
where live.invoiced_before <> (
    select coalesce(sum(stood.amount), 0)
    from document.issued_statement_order as stood
    where stood.issued_document_id = live.issued_document_id and stood.original_id is not null
)
union all
select live.place, 'order', sold.order_no
from live
join document.issued_statement_order as stood on stood.issued_document_id = live.issued_document_id and stood.original_id is null
join sales.sales_order as sold on sold.sales_order_id = stood.sales_order_id
where stood.amount <> (
    select coalesce(sum(line.amount), 0)
    from document.issued_line as line
    where line.issued_document_id = live.issued_document_id and line.sales_order_id = stood.sales_order_id
)
union all
select live.place, 'chain', coalesce(live.previous_id::text, '')
from live
left join live as previous on previous.issued_document_id = live.previous_id
where live.previous_id is distinct from (
        select earlier.issued_document_id
        from live as earlier
        where earlier.customer_id = live.customer_id and earlier.issuer = live.issuer and earlier.currency_code = live.currency_code
            and earlier.tax_inclusive = live.tax_inclusive and earlier.issue_part < live.issue_part
        order by earlier.issue_part desc
        limit 1
    )
    or live.previous_due <> coalesce(previous.due, 0)
    or live.begins_on <> previous.closes_on + 1
union all
select sold.order_no, 'twice', min(twice.place)
from (
    select stood.sales_order_id, live.place
    from live
    join document.issued_statement_order as stood on stood.issued_document_id = live.issued_document_id and stood.statement_part is not null
    union all
    select stood.sales_order_id, invoice.issuer || ' ' || invoice.document_no
    from live
    join document.issued_statement_order as stood on stood.issued_document_id = live.issued_document_id and stood.statement_part is not null
        and stood.original_id is null
    join document.issued_document as invoice on invoice.sales_order_id = stood.sales_order_id and invoice.family = 'invoice'
    where not exists (select from document.issued_void as void where void.issued_document_id = invoice.issued_document_id)
) as twice
join sales.sales_order as sold on sold.sales_order_id = twice.sales_order_id
group by sold.order_no
having count(*) > 1
union all
select min(live.place), 'payment', counted.payment_id::text
from live
join document.issued_statement_payment as counted on counted.issued_document_id = live.issued_document_id
group by counted.payment_id
having count(*) > 1;
comment on view report.check_issued_statement is
    '締め請求書の検査。残高のつながり、和の違い、二度の請求、二度数えた入金。空であること。 @key(place,finding,detail) | Check of statements. Balances that do not go on from each other, sums that differ, orders invoiced and payments counted twice; must be empty. @key(place,finding,detail)';
comment on column report.check_issued_statement.place is '場所。発行者と番号、または受注。 | Place. Issuer and number, or the order.';
comment on column report.check_issued_statement.finding is '見つかったこと。 | Finding. sales, received, invoiced_before, order, chain, twice or payment.';
comment on column report.check_issued_statement.detail is '詳しく。 | Detail.';
