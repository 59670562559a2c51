create or replace function document.statement_facts(p_issued_document_id bigint)
    returns jsonb
    language sql
    stable
    set search_path = ''
as $$
    select jsonb_build_object(
        'document_kind', issued.document_kind, 'document_no', issued.document_no, 'issued_on', issued.issued_on, 'shop_id', issued.shop_id,
        'is_qualified', issued.is_qualified, 'locale', issued.locale, 'tax_inclusive', issued.tax_inclusive, 'addressee', coalesce(party.addressee, ''),
        'is_company', exists (select from customer.customer_party as named where named.customer_id = issued.customer_id and btrim(named.company) <> ''),
        'currency_code', issued.currency_code, 'base_currency', base.setting_text('base_currency'), 'exchange_rate', issued.exchange_rate::text,
        'reduced_rate', base.setting_text('tax_rate_reduced'), 'total', issued.total::text, 'tax_total', issued.tax_total::text,
        'mall_paid', issued.mall_paid::text, 'begins_on', statement.begins_on, 'closes_on', statement.closes_on, 'payment_on', statement.payment_on,
        'previous_no', coalesce(previous.document_no, ''), 'previous_due', statement.previous_due::text, 'received', statement.received::text,
        'carried_over', statement.carried_over::text, 'sales', statement.sales::text, 'invoiced_before', statement.invoiced_before::text,
        'due', statement.due::text,
        'sender', jsonb_build_object(
            'name', coalesce(sender.sender_name, shop.shop_name), 'registration_no', case when issued.issuer = 'house' then '' else issued.issuer end,
            'postal_code', coalesce(sender.postal_code, ''), 'address', coalesce(sender.address, ''), 'phone', coalesce(sender.phone, ''),
            'email', coalesce(sender.email, ''), 'bank_account', coalesce(sender.bank_account, '')
        ),
        'tax_lines', (
            select coalesce(jsonb_agg(jsonb_build_object('tax_rate', rate.tax_rate::text, 'amount', rate.amount::text, 'tax', rate.tax::text,
                'tax_base', rate.tax_base::text) order by rate.tax_rate desc), '[]')
            from document.issued_tax_line as rate
            where rate.issued_document_id = issued.issued_document_id
        ),
        'payments', (
            select coalesce(jsonb_agg(jsonb_build_object('paid_on', (payment.paid_at at time zone base.setting_text('time_zone'))::date,
                'order_no', sold.external_order_no, 'amount', counted.amount::text) order by payment.paid_at, payment.payment_id), '[]')
            from document.issued_statement_payment as counted
            join sales.payment as payment on payment.payment_id = counted.payment_id
            join sales.sales_order as sold on sold.sales_order_id = payment.sales_order_id
            where counted.issued_document_id = issued.issued_document_id
        ),
        'orders', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'order_no', sold.order_no, 'external_order_no', sold.external_order_no,
                'shipped_on', (sold.shipped_at at time zone base.setting_text('time_zone'))::date, 'amount', stood.amount::text,
                'earlier_no', coalesce(earlier.document_no, ''), 'original_no', coalesce(original.document_no, ''), 'lines', document.statement_lines(
                    issued.issued_document_id, stood.sales_order_id)
            ) order by stood.earlier_id is not null, sold.shipped_at, sold.sales_order_id), '[]')
            from document.issued_statement_order as stood
            join sales.sales_order as sold on sold.sales_order_id = stood.sales_order_id
            left join document.issued_document as earlier on earlier.issued_document_id = stood.earlier_id
            left join document.issued_document as original on original.issued_document_id = stood.original_id
            where stood.issued_document_id = issued.issued_document_id
        )
    )
    from document.issued_document as issued
    join document.issued_statement as statement on statement.issued_document_id = issued.issued_document_id
    join document.issued_party as party on party.issued_document_id = issued.issued_document_id
    join channel.shop as shop on shop.shop_id = issued.shop_id
    left join document.sender as sender on sender.shop_id = issued.shop_id
    left join document.issued_document as previous on previous.issued_document_id = statement.previous_id
    where issued.issued_document_id = p_issued_document_id
$$;
comment on function document.statement_facts(bigint) is
    '締め請求書に載る事実。発行の時に一度だけ読み、とっておく。 | What a statement says. Read once, when it is issued, and kept.';
