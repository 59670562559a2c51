create or replace function document.tax_of(p_amount numeric, p_tax_rate numeric, p_tax_inclusive boolean, p_decimals integer, p_way text)
    returns numeric
    language sql
    immutable
    set search_path = ''
as $$
    select document.rounded(p_amount * p_tax_rate / case when p_tax_inclusive then 1 + p_tax_rate else 1 end, p_decimals, p_way)
$$;
comment on function document.tax_of(numeric, numeric, boolean, integer, text) is
    '税率ごとの額の消費税。端数は一度。 | Tax of what is taxed at one rate, rounded once.';
