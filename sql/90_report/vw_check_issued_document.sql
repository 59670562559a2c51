create or replace view report.check_issued_document with (security_invoker = true) as
select issued.issuer || ' ' || counter.document_kind as place, 'gap' as finding, counter.last_number::text as detail
from document.issue_counter as counter
cross join lateral (
    select counter.issuer, count(*) as documents, coalesce(max(one.issue_number), 0) as last_number
    from document.issued_document as one
    where one.issuer = counter.issuer and one.document_kind = counter.document_kind
) as issued
-- Who sees a part of the documents cannot count them.
where (select access.sees_all() or access.account_id() is null) and (issued.documents <> counter.last_number or issued.last_number <> counter.last_number)
union all
select issued.issuer || ' ' || issued.document_no, 'total', issued.total::text
from document.issued_document as issued
left join lateral (
    select sum(rate.amount) + case when issued.tax_inclusive then 0 else sum(rate.tax) end as total, sum(rate.tax) as tax
    from document.issued_tax_line as rate
    where rate.issued_document_id = issued.issued_document_id
) as rates on true
where coalesce(rates.total, 0) <> issued.total or coalesce(rates.tax, 0) <> issued.tax_total
union all
select coalesce(issued.issuer || ' ' || issued.document_no, '?'), 'rate', coalesce(rate.tax_rate, line.tax_rate)::text
from document.issued_document as issued
cross join lateral (
    select part.tax_rate, sum(part.amount) as amount
    from document.issued_line as part
    where part.issued_document_id = issued.issued_document_id
    group by part.tax_rate
    having sum(part.amount) <> 0
) as line
full join document.issued_tax_line as rate on rate.issued_document_id = issued.issued_document_id and rate.tax_rate = line.tax_rate
left join base.currency as currency on currency.currency_code = issued.currency_code
where rate.amount is distinct from line.amount
    -- Between rounding down and rounding up, by one unit of the currency and no more.
    or abs(rate.tax - line.amount * line.tax_rate / case when issued.tax_inclusive then 1 + line.tax_rate else 1 end) >= 10 ^ -currency.decimals::numeric
union all
select order_no, 'originals', issued.family::text
from (
    select sales_order.order_no, one.family, count(*) as originals
    from document.issued_document as one
    join sales.sales_order as sales_order on sales_order.sales_order_id = one.sales_order_id
    where one.family <> 'return' and not exists (select from document.issued_void as void where void.issued_document_id = one.issued_document_id)
    group by sales_order.order_no, one.family
) as issued
where issued.originals > 1
union all
-- At no rate, but for a unit of money that rounding moved
select original.issuer || ' ' || original.document_no, 'returned', returned.amount::text
from document.issued_document as original
join base.currency as currency on currency.currency_code = original.currency_code
cross join lateral (
    select rate.tax_rate, sum(rate.amount) as amount
    from document.issued_document as later
    join document.issued_tax_line as rate on rate.issued_document_id = later.issued_document_id
    where later.original_id = original.issued_document_id
        and not exists (select from document.issued_void as void where void.issued_document_id = later.issued_document_id)
    group by rate.tax_rate
) as returned
where returned.amount > 10 ^ -currency.decimals::numeric + coalesce((
    select rate.amount from document.issued_tax_line as rate
    where rate.issued_document_id = original.issued_document_id and rate.tax_rate = returned.tax_rate
), 0)
union all
select issued.issuer || ' ' || issued.document_no, 'copies', copies.last_no::text
from document.issued_document as issued
cross join lateral (
    select count(*) as copies, coalesce(max(copy.copy_no), 0) as last_no
    from document.issued_copy as copy
    where copy.issued_document_id = issued.issued_document_id
) as copies
where copies.copies <> copies.last_no;
comment on view report.check_issued_document is
    '発行した帳票の検査。欠番、和の違い、二つ目の原本、返しすぎ、控えの欠け。空であること。 @key(place,finding) | Check of issued documents. Gaps in their numbers, sums that differ, a second original, more returned than invoiced, copies not counted; must be empty. @key(place,finding)';
comment on column report.check_issued_document.place is '場所。発行者と番号、または受注。 | Place. Issuer and number, or the order.';
comment on column report.check_issued_document.finding is '見つかったこと。 | Finding. gap, total, rate, originals, returned or copies.';
comment on column report.check_issued_document.detail is '詳しく。 | Detail.';
