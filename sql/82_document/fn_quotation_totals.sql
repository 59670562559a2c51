create or replace function document.quotation_totals(p_quotation_id bigint)
    returns table (tax_total numeric, total numeric)
    language sql
    stable
    set search_path = ''
as $$
    select coalesce(sum(rate.tax), 0), coalesce(sum(rate.amount + case when quotation.tax_inclusive then 0 else rate.tax end), 0)
    from sales.quotation as quotation
    left join lateral document.quotation_tax_lines(quotation.quotation_id) as rate on true
    where quotation.quotation_id = p_quotation_id
    group by quotation.quotation_id
$$;
comment on function document.quotation_totals(bigint) is '見積の消費税計と税込の合計。 | Totals of a quotation. Its tax, and what it comes to with tax.';
