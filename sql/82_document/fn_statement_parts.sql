create or replace function document.statement_parts(
    p_customer_id bigint, p_issuer text, p_currency_code text, p_tax_inclusive boolean, p_closes_on date
)
    returns table (
        sales_order_id bigint, earlier_id bigint, original_id bigint, part_kind text, sales_order_line_id bigint, tax_rate numeric, quantity integer,
        amount numeric
    )
    language sql
    stable
    set search_path = ''
as $$
    with fresh as (
        select found.sales_order_id, null::bigint as earlier_id, found.original_id
        from document.statement_orders(p_closes_on, p_customer_id) as found
        where found.issuer = p_issuer and found.currency_code = p_currency_code and found.tax_inclusive = p_tax_inclusive
    ), stood as (
        select * from document.statement_stood(p_customer_id, p_issuer, p_currency_code, p_tax_inclusive)
    ), touched as (
        -- Of what was stated before, that of which something may have come back
        select stood.sales_order_id, stood.issued_document_id as earlier_id, stood.original_id
        from stood
        where stood.is_first and (
            exists (
                select from sales.line_cancellation as cancellation
                join sales.sales_order_line as line on line.sales_order_line_id = cancellation.sales_order_line_id
                where line.sales_order_id = stood.sales_order_id
            )
            or exists (select from sales.payment as payment where payment.sales_order_id = stood.sales_order_id and payment.amount < 0)
        )
    ), wanted as (
        select * from fresh
        union all
        select * from touched
    ), mall as (
        -- A mall pays no more than is left of an order: what came back of it is given back by the mall too
        select wanted.sales_order_id, wanted.earlier_id, mall_paid.amount as paid,
            greatest(document.charge(wanted.sales_order_id, true) + mall_paid.amount, 0) as owed, (
                select greatest(coalesce(sum(rate.amount + case when p_tax_inclusive then 0 else document.tax_of(rate.amount, rate.tax_rate, false,
                    currency.decimals::integer, base.setting_text('tax_rounding')) end), 0), 0)
                from (
                    select line.tax_rate, sum(line.amount) as amount
                    from stood
                    join document.issued_line as line on line.issued_document_id = stood.issued_document_id
                        and line.sales_order_id = wanted.sales_order_id
                    where stood.sales_order_id = wanted.sales_order_id
                    group by line.tax_rate
                ) as rate
            ) as stated
        from wanted
        join base.currency as currency on currency.currency_code = p_currency_code
        cross join lateral (select document.mall_paid(wanted.sales_order_id) as amount) as mall_paid
        where wanted.original_id is null and mall_paid.amount <> 0
    ), said as (
        select wanted.sales_order_id, part.part_kind, part.sales_order_line_id, part.tax_rate, part.quantity, part.amount
        from wanted
        cross join lateral document.order_parts(wanted.sales_order_id, true) as part
        where wanted.original_id is null
        union all
        -- What a mall pays is no part of what the buyer owes
        select mall.sales_order_id, 'mall_paid', null, null, null,
            case when mall.earlier_id is null then 0 else least(mall.paid, mall.stated) end - least(mall.paid, mall.owed)
        from mall
        union all
        select wanted.sales_order_id, 'invoiced_before', null, null, null,
            greatest(document.charge(wanted.sales_order_id, true, original.tax_rounding), 0)
        from wanted
        join document.issued_document as original on original.issued_document_id = wanted.original_id
        union all
        -- Less what was stated before
        select touched.sales_order_id, line.part_kind::text, line.sales_order_line_id, line.tax_rate, -line.quantity, -line.amount
        from touched
        join stood on stood.sales_order_id = touched.sales_order_id
        join document.issued_line as line on line.issued_document_id = stood.issued_document_id and line.sales_order_id = touched.sales_order_id
        where touched.original_id is null
        union all
        select touched.sales_order_id, 'invoiced_before', null, null, null, -stood.amount
        from touched
        join stood on stood.sales_order_id = touched.sales_order_id
        where touched.original_id is not null
    )
    select wanted.sales_order_id, wanted.earlier_id, wanted.original_id, said.part_kind, said.sales_order_line_id, said.tax_rate,
        sum(said.quantity)::integer, sum(said.amount)
    from said
    join wanted on wanted.sales_order_id = said.sales_order_id
    group by wanted.sales_order_id, wanted.earlier_id, wanted.original_id, said.part_kind, said.sales_order_line_id, said.tax_rate
    having sum(said.amount) <> 0 or sum(said.quantity) <> 0
$$;
comment on function document.statement_parts(bigint, text, text, boolean, date) is
    '締め請求書の内訳。新しい受注と、前の締め請求書から後に返ったもの。請求書のある受注は一行で、課税しない。 | Parts of a statement. New orders, and what came back of earlier ones; one that has an invoice of its own is one part and is not taxed.';
