create or replace view report.quotation_summary with (security_invoker = true) as
select quotation.quotation_id, totals.tax_total::base.money as tax_total, totals.total::base.money as total,
    quotation.state = 'sent' and quotation.valid_until < base.today() as is_expired, quotation.currency_code
from sales.quotation as quotation
cross join lateral document.quotation_totals(quotation.quotation_id) as totals;
comment on view report.quotation_summary is
    '見積の合計。下書きは今の明細から。 @key(quotation_id) | Totals of quotations. Of a draft as its lines are now. @key(quotation_id)';
comment on column report.quotation_summary.quotation_id is '見積。 | Quotation.';
comment on column report.quotation_summary.tax_total is '消費税計。 | Tax.';
comment on column report.quotation_summary.total is '合計（税込）。 | Total with tax.';
comment on column report.quotation_summary.is_expired is '期限切れ。返事がなく、有効期限を過ぎた。 | Expired. Not answered, and valid no more.';
comment on column report.quotation_summary.currency_code is '通貨。 | Currency. Of the totals.';
