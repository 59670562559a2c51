create or replace function document.statement_orders(p_closes_on date, p_customer_id bigint default null)
    returns table (
        customer_id bigint, issuer text, currency_code text, tax_inclusive boolean, sales_order_id bigint, shop_id bigint, shipped_on date,
        original_id bigint
    )
    language sql
    stable
    set search_path = ''
as $$
    select term.customer_id, coalesce(sender.invoice_registration_no, 'house'), sold.currency_code, sold.tax_inclusive, sold.sales_order_id,
        sold.shop_id, (sold.shipped_at at time zone base.setting_text('time_zone'))::date, (
            select live.issued_document_id from document.issued_live(sold.sales_order_id, 'invoice') as live limit 1
        )
    from customer.credit_term as term
    join sales.sales_order as sold on sold.customer_id = term.customer_id
    left join document.sender as sender on sender.shop_id = sold.shop_id
    where (p_customer_id is null or term.customer_id = p_customer_id) and term.is_on and sold.payment_method = 'credit_sale'
        and (sold.shipped_at at time zone base.setting_text('time_zone'))::date between term.starts_on and p_closes_on
        and not exists (
            select from document.issued_statement_order as stood
            where stood.sales_order_id = sold.sales_order_id
                and not exists (select from document.issued_void as void where void.issued_document_id = stood.issued_document_id)
        )
$$;
comment on function document.statement_orders(date, bigint) is
    '締める受注。掛売で、締日までに出荷し、まだ締め請求書にないもの。 | Orders to state. Credit sales that were shipped by the closing date and are on no statement yet.';
