create or replace function document.quotation_tax_lines(p_quotation_id bigint)
    returns table (tax_rate numeric, amount numeric, tax numeric)
    language sql
    stable
    set search_path = ''
as $$
    select line.tax_rate, sum(line.amount), document.tax_of(sum(line.amount), line.tax_rate, quotation.tax_inclusive,
        currency.decimals::integer, coalesce(quotation.tax_rounding, base.setting_text('tax_rounding')))
    from sales.quotation as quotation
    join base.currency as currency on currency.currency_code = quotation.currency_code
    join sales.quotation_line as line on line.quotation_id = quotation.quotation_id
    where quotation.quotation_id = p_quotation_id
    group by line.tax_rate, quotation.quotation_id, currency.decimals
    order by line.tax_rate desc
$$;
comment on function document.quotation_tax_lines(bigint) is
    '見積の、税率ごとの対象額と消費税。端数は税率ごとに一度。 | Tax of a quotation by rate. Rounded once for each rate; taxed amounts hold the tax where prices do.';
