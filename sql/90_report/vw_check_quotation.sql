create or replace view report.check_quotation with (security_invoker = true) as
select quotation.quotation_no, 'total' as finding, quotation.total::text as detail
from sales.quotation as quotation
cross join lateral document.quotation_totals(quotation.quotation_id) as totals
where quotation.state <> 'draft' and quotation.total is distinct from totals.total
union all
select quotation.quotation_no, 'lines', quotation.state::text
from sales.quotation as quotation
where quotation.state <> 'draft' and not exists (select from sales.quotation_line as line where line.quotation_id = quotation.quotation_id)
union all
select quotation.quotation_no, 'party', quotation.state::text
from sales.quotation as quotation
left join sales.quotation_party as party on party.quotation_id = quotation.quotation_id
where party.quotation_id is null
    or quotation.state <> 'draft' and party.forgotten_at is null and coalesce(party.company, '') || coalesce(party.person_name, '') = '';
comment on view report.check_quotation is
    '見積の検査。送った後に合計が合わない、明細か宛先のない見積。空であること。 @key(quotation_no,finding) | Quotation check. Those whose total is not that of their lines any more, or without lines or addressee; must be empty. @key(quotation_no,finding)';
comment on column report.check_quotation.quotation_no is '見積番号。 | Quotation no.';
comment on column report.check_quotation.finding is '見つかったこと。total、lines、party。 | Finding. total, lines or party.';
comment on column report.check_quotation.detail is '詳しく。 | Detail.';
