create or replace function document.statement_payments(
    p_customer_id bigint, p_issuer text, p_currency_code text, p_tax_inclusive boolean, p_closes_on date
)
    returns table (payment_id bigint, amount numeric, paid_on date)
    language sql
    stable
    set search_path = ''
as $$
    select payment.payment_id, payment.amount, (payment.paid_at at time zone base.setting_text('time_zone'))::date
    from (
        select stood.sales_order_id from document.statement_stood(p_customer_id, p_issuer, p_currency_code, p_tax_inclusive) as stood where stood.is_first
        union
        select found.sales_order_id
        from document.statement_orders(p_closes_on, p_customer_id) as found
        where found.issuer = p_issuer and found.currency_code = p_currency_code and found.tax_inclusive = p_tax_inclusive
    ) as sold
    join sales.payment as payment on payment.sales_order_id = sold.sales_order_id
    left join sales.payment as voided on voided.payment_id = payment.voids_payment_id
    where not exists (
            select from document.issued_statement_payment as counted
            where counted.payment_id = payment.payment_id
                and not exists (select from document.issued_void as void where void.issued_document_id = counted.issued_document_id)
        )
        -- What was given back counts at once, as it is taken off the sales at once; what takes a payment back goes with it.
        and ((coalesce(voided.paid_at, payment.paid_at) at time zone base.setting_text('time_zone'))::date <= p_closes_on
            or coalesce(voided.amount, payment.amount) < 0)
$$;
comment on function document.statement_payments(bigint, text, text, boolean, date) is
    '締め請求書に数える入金。締日までの、まだ数えていないもの。 | Payments to count on a statement. Those by the closing date that were not counted yet.';
