create or replace function document.statements_due(p_closes_on date, p_customer_id bigint default null)
    returns table (
        customer_id bigint, issuer text, currency_code text, tax_inclusive boolean, addressee text, orders integer, previous_due numeric,
        received numeric, sales numeric, invoiced_before numeric, due numeric, payment_on date
    )
    language sql
    stable
    security definer
    set search_path = ''
as $$
    with series as (
        select found.customer_id, found.issuer, found.currency_code, found.tax_inclusive
        from document.statement_orders(p_closes_on, p_customer_id) as found
        union
        select issued.customer_id, issued.issuer, issued.currency_code, issued.tax_inclusive
        from document.issued_document as issued
        where issued.document_kind = 'statement' and (p_customer_id is null or issued.customer_id = p_customer_id)
    )
    select series.customer_id, series.issuer, series.currency_code, series.tax_inclusive, coalesce(party.company, party.customer_name), sums.orders,
        coalesce(last.due, 0), paid.amount, sums.total - sums.mall_paid, sums.invoiced_before,
        coalesce(last.due, 0) - paid.amount + sums.total - sums.mall_paid + sums.invoiced_before,
        document.day_of_month((p_closes_on + make_interval(months => term.payment_months))::date, term.payment_day)
    from series
    join customer.credit_term as term on term.customer_id = series.customer_id
    left join customer.customer_party as party on party.customer_id = series.customer_id
    left join lateral document.statement_last(series.customer_id, series.issuer, series.currency_code, series.tax_inclusive) as last on true
    cross join lateral (
        select coalesce(sum(payment.amount), 0) as amount
        from document.statement_payments(series.customer_id, series.issuer, series.currency_code, series.tax_inclusive, p_closes_on) as payment
    ) as paid
    cross join lateral (
        select coalesce(jsonb_agg(to_jsonb(part)), '[]') as parts
        from document.statement_parts(series.customer_id, series.issuer, series.currency_code, series.tax_inclusive, p_closes_on) as part
    ) as stated
    cross join lateral document.statement_sums(stated.parts, series.currency_code, series.tax_inclusive,
        base.setting_text('tax_rounding'), null) as sums
    where (select access.sees_all()) and term.is_on and p_closes_on = document.day_of_month(p_closes_on, term.closing_day)
        and (last.closes_on is null or last.closes_on < p_closes_on)
        and (stated.parts <> '[]' or paid.amount <> 0 or last.due <> 0)
    order by party.company, party.customer_name, series.customer_id, series.issuer, series.currency_code, series.tax_inclusive
$$;
comment on function document.statements_due(date, bigint) is
    '締める顧客。その日が締日の顧客と、受注の数、前回の額、入金、今回の額。 | Statements due. Customers whose closing day it is, with their orders, previous balance, payments and what is due; for who sees every shop.';
