create or replace function document.statement_issue(
    p_customer_id bigint, p_issuer text, p_currency_code text, p_tax_inclusive boolean, p_closes_on date, p_job_request_id bigint
)
    returns table (issued_document_id bigint, facts jsonb)
    language plpgsql
    security definer
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_kind document.issued_kind;
    v_term customer.credit_term;
    v_last record;
    v_sums record;
    v_shop record;
    v_id bigint;
    v_number bigint;
    v_received numeric;
    v_addressee text;
    v_rate constant numeric := base.exchange_rate_at(p_currency_code, p_closes_on);
    v_way constant text := base.setting_text('tax_rounding');
    v_parts jsonb;
    v_payments jsonb;
begin
    if not (select access.sees_all()) then
        raise exception '締め請求書は、すべての店舗と倉庫を見る人だけが作れます。 | Statements are made by who sees every shop and warehouse.'
            using errcode = 'DC403', hint = '一人の顧客の受注がすべて見える人に頼みます。 | Ask somebody who sees all orders of a customer.';
    end if;
    -- First, so that of one customer one account is closed after the other.
    select term.* into v_term from customer.credit_term as term where term.customer_id = p_customer_id for no key update;
    select issued.issued_document_id into v_id
    from document.issued_document as issued
    where issued.document_kind = 'statement' and issued.customer_id = p_customer_id and issued.issuer = p_issuer
        and issued.currency_code = p_currency_code and issued.tax_inclusive = p_tax_inclusive and issued.job_request_id = p_job_request_id;
    -- A worker that died goes on with what it has numbered.
    if v_id is not null then
        return query select v_id, null::jsonb;
        return;
    end if;
    -- Whoever invoices one of these orders waits, or was before us.
    perform from sales.sales_order as sold
    where sold.sales_order_id in (select found.sales_order_id from document.statement_orders(p_closes_on, p_customer_id) as found)
    order by sold.sales_order_id
    for no key update;
    perform document.statement_refuse(p_customer_id, p_issuer, p_currency_code, p_tax_inclusive, p_closes_on);
    if v_rate is null then
        raise exception '% のレートがありません（%）。 | There is no rate of % on %.', p_currency_code, p_closes_on, p_currency_code, p_closes_on
            using errcode = 'DC003', hint = '消費税は円でも書くので、為替レートを登録します。 | The tax is stated in base money too: enter the exchange rate.';
    end if;
    select last.* into v_last from document.statement_last(p_customer_id, p_issuer, p_currency_code, p_tax_inclusive) as last;
    -- In one look, so that a refund is in both or in neither.
    select (
        select coalesce(jsonb_agg(to_jsonb(part)), '[]')
        from document.statement_parts(p_customer_id, p_issuer, p_currency_code, p_tax_inclusive, p_closes_on) as part
    ), (
        select coalesce(jsonb_agg(to_jsonb(payment)), '[]')
        from document.statement_payments(p_customer_id, p_issuer, p_currency_code, p_tax_inclusive, p_closes_on) as payment
    ) into v_parts, v_payments;
    select coalesce(sum(payment.amount), 0) into v_received from jsonb_to_recordset(v_payments) as payment (amount numeric);
    select sums.* into v_sums from document.statement_sums(v_parts, p_currency_code, p_tax_inclusive, v_way, v_rate) as sums;
    if v_parts = '[]' and v_payments = '[]' and coalesce(v_last.due, 0) = 0 then
        raise exception '顧客 % に締めるものがありません。 | There is nothing to state to customer %.', p_customer_id, p_customer_id
            using errcode = 'DC010', hint = '締日までに出荷した掛売の受注、残高、返品がありません。 | No credit sale shipped by then, no balance and nothing that came back.';
    end if;
    -- Of several shops of one issuer the one that shipped last speaks.
    select sold.shop_id, sender.locale into v_shop
    from (
        select part.sales_order_id from jsonb_to_recordset(v_parts) as part (sales_order_id bigint, earlier_id bigint) where part.earlier_id is null
    ) as part
    join sales.sales_order as sold on sold.sales_order_id = part.sales_order_id
    left join document.sender as sender on sender.shop_id = sold.shop_id
    order by sold.shipped_at desc, sold.sales_order_id desc
    limit 1;
    if v_shop.shop_id is null then
        select v_last.shop_id, sender.locale into v_shop from (values (1)) as one left join document.sender as sender on sender.shop_id = v_last.shop_id;
    end if;
    select nullif(left(coalesce(nullif(btrim(party.company), ''), btrim(party.customer_name)), 200), '') into v_addressee
    from customer.customer_party as party
    where party.customer_id = p_customer_id;
    if v_addressee is null then
        raise exception '顧客 % の名前がありません。 | Customer % has no name.', p_customer_id, p_customer_id
            using errcode = 'DC003', hint = '顧客のページに会社名か氏名を入れます。 | Enter the company or the name on the page of the customer.';
    end if;
    select kind.* into v_kind from document.issued_kind as kind where kind.document_kind = 'statement';
    -- Last, because everybody who issues waits here.
    v_number := document.issue_next(p_issuer, 'statement');
    insert into document.issued_document (document_kind, family, issuer, issue_number, document_no, issued_on, transaction_on, shop_id, customer_id,
        issue_part, is_qualified, tax_inclusive, tax_rounding, exchange_rate, tax_total, mall_paid, total, currency_code, locale, account_id, job_request_id)
    select 'statement', v_kind.family, p_issuer, v_number, v_kind.number_prefix || '-' || lpad(v_number::text, greatest(7, length(v_number::text)), '0'),
        base.today(), p_closes_on, v_shop.shop_id, p_customer_id, (
            select count(*) + 1
            from document.issued_document as earlier
            where earlier.document_kind = 'statement' and earlier.customer_id = p_customer_id and earlier.issuer = p_issuer
                and earlier.currency_code = p_currency_code and earlier.tax_inclusive = p_tax_inclusive
        ), p_issuer <> 'house' and v_sums.rates is not null, p_tax_inclusive, v_way, v_rate, v_sums.tax_total, v_sums.mall_paid, v_sums.total,
        p_currency_code, coalesce(v_shop.locale, case when p_currency_code = 'JPY' then 'ja' else 'en' end), access.account_id(), p_job_request_id
    returning issued_document_id into v_id;
    insert into document.issued_line (issued_document_id, line_no, sales_order_id, part_kind, sales_order_line_id, quantity, tax_rate, amount)
    select v_id, row_number() over (order by part.earlier_id is not null, sold.shipped_at, sold.sales_order_id, part.sales_order_line_id is null, line.line_no,
        part.sales_order_line_id, part.part_kind, part.tax_rate desc), part.sales_order_id, part.part_kind, part.sales_order_line_id,
        case when part.part_kind = 'goods' then coalesce(part.quantity, 0) end, part.tax_rate, part.amount
    from jsonb_to_recordset(v_parts) as part (sales_order_id bigint, earlier_id bigint, part_kind text, sales_order_line_id bigint, quantity integer,
        tax_rate numeric, amount numeric)
    join sales.sales_order as sold on sold.sales_order_id = part.sales_order_id
    left join sales.sales_order_line as line on line.sales_order_line_id = part.sales_order_line_id
    where part.tax_rate is not null;
    insert into document.issued_tax_line (issued_document_id, tax_rate, amount, tax, tax_base)
    select v_id, rate.tax_rate, rate.amount, rate.tax, rate.tax_base
    from jsonb_to_recordset(v_sums.rates) as rate (tax_rate numeric, amount numeric, tax numeric, tax_base numeric);
    insert into document.issued_party (issued_document_id, addressee) values (v_id, v_addressee);
    insert into document.issued_statement (issued_document_id, previous_id, begins_on, closes_on, payment_on, previous_due, received, carried_over, sales,
        invoiced_before, due)
    select v_id, v_last.issued_document_id,
        coalesce(v_last.closes_on + 1, least(
            document.day_of_month((date_trunc('month', p_closes_on) - interval '1 month')::date, v_term.closing_day) + 1,
            -- The first one states what left before, too
            (select min((sold.shipped_at at time zone base.setting_text('time_zone'))::date)
                from sales.sales_order as sold
                where sold.sales_order_id in (select part.sales_order_id from jsonb_to_recordset(v_parts) as part (sales_order_id bigint)))
        )), p_closes_on,
        document.day_of_month((p_closes_on + make_interval(months => v_term.payment_months))::date, v_term.payment_day), previous.due, v_received,
        previous.due - v_received, v_sums.total - v_sums.mall_paid, v_sums.invoiced_before,
        previous.due - v_received + v_sums.total - v_sums.mall_paid + v_sums.invoiced_before
    from (select coalesce(v_last.due, 0) as due) as previous;
    insert into document.issued_statement_order (issued_document_id, sales_order_id, statement_part, earlier_id, original_id, amount)
    select v_id, part.sales_order_id, case when part.earlier_id is null then (
            select count(*) + 1 from document.issued_statement_order as stood where stood.sales_order_id = part.sales_order_id and stood.statement_part is not null
        ) end, part.earlier_id, part.original_id, coalesce(sum(part.amount) filter (where part.part_kind <> 'mall_paid'), 0)
    from jsonb_to_recordset(v_parts) as part (sales_order_id bigint, earlier_id bigint, original_id bigint, part_kind text, amount numeric)
    group by part.sales_order_id, part.earlier_id, part.original_id;
    insert into document.issued_statement_payment (issued_document_id, payment_id, amount)
    select v_id, payment.payment_id, payment.amount
    from jsonb_to_recordset(v_payments) as payment (payment_id bigint, amount numeric);
    return query select v_id, document.statement_facts(v_id);
end;
$$;
comment on function document.statement_issue(bigint, text, text, boolean, date, bigint) is
    '締め請求書を発行する。番号を付け、残高と受注と入金を台帳に書き、載せる事実を返す。ジョブだけが終えられる。 | Issue a statement. Numbers it, enters its balance, orders and payments in the ledger, and returns the facts that it states; a job alone can finish it.';
