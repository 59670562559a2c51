create or replace function document.document_issue(
    p_sales_order_id bigint, p_document_kind text, p_addressee text, p_proviso text, p_job_request_id bigint, p_mail_id bigint default null
)
    returns table (issued_document_id bigint, facts jsonb)
    language plpgsql
    security definer
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_order sales.sales_order := sales.order_take(p_sales_order_id);
    v_kind document.issued_kind;
    v_sender document.sender;
    v_original document.issued_document;
    v_id bigint;
    v_issuer text;
    v_number bigint;
    v_decimals constant integer := (select currency.decimals from base.currency as currency where currency.currency_code = v_order.currency_code);
    v_way text := base.setting_text('tax_rounding');
    v_zone constant text := base.setting_text('time_zone');
    v_rate numeric;
    v_on date;
    v_total numeric;
    v_tax numeric;
    v_is_qualified boolean;
    v_parts jsonb;
    v_rates jsonb;
    v_addressee text := nullif(btrim(p_addressee), '');
begin
    select kind.* into v_kind from document.issued_kind as kind where kind.document_kind = p_document_kind;
    if v_kind.document_kind is null or v_kind.family = 'statement' then
        raise exception 'その帳票はありません。 | There is no such document.'
            using errcode = 'DC404', hint = '一覧から選び直します。 | Choose it from the list again.';
    end if;
    -- A worker that died goes on with what it has numbered.
    select issued.issued_document_id into v_id
    from document.issued_document as issued
    where issued.sales_order_id = p_sales_order_id and issued.family = v_kind.family and (issued.job_request_id = p_job_request_id
        or issued.mail_id = p_mail_id and not exists (select from document.issued_void as void where void.issued_document_id = issued.issued_document_id));
    if v_id is not null then
        return query select v_id, null::jsonb;
        return;
    end if;
    if length(v_addressee) > 200 or length(p_proviso) > 200 or coalesce(v_addressee, '') || coalesce(p_proviso, '') ~ '[[:cntrl:]]' then
        raise exception '宛名と但し書きは 200 文字までで、改行などの制御文字は書けません。 | An addressee and a proviso have 200 characters at most and no control characters.'
            using errcode = 'DC002', hint = '短くします。 | Make it shorter.';
    end if;
    perform document.issue_refuse(p_sales_order_id, p_document_kind);
    select sender.* into v_sender from document.sender as sender where sender.shop_id = v_order.shop_id;
    if v_kind.family = 'return' then
        select live.* into v_original from document.issued_live(p_sales_order_id, 'invoice') as live limit 1;
        v_way := v_original.tax_rounding;
        select jsonb_agg(to_jsonb(part)) into v_parts from document.returned_parts(v_original.issued_document_id) as part;
    else
        -- The rounding is the issuer's to choose, but one: that by which the shop has charged.
        select way.way into v_way
        from unnest(array[v_way, 'down', 'half_up', 'up']) with ordinality as way (way, place)
        where document.charge(p_sales_order_id, false, way.way) = v_order.total
        order by way.place
        limit 1;
        if v_way is null then
            raise exception '受注 % の合計 % が、明細と税率ごとの税の和 % と合いません。 | The total of order %, %, is not the sum of its lines and the tax of each rate, %.',
                v_order.order_no, trim_scale(v_order.total), trim_scale(document.charge(p_sales_order_id, false)),
                v_order.order_no, trim_scale(v_order.total), trim_scale(document.charge(p_sales_order_id, false))
                using errcode = 'DC010', hint = '店舗で金額を直すか、店舗の請求書を使います。 | Correct the amounts at the shop, or use the shop''s own invoice.';
        end if;
        select jsonb_agg(to_jsonb(part)) into v_parts
        from (
            select part.part_kind, part.sales_order_line_id, part.tax_rate, sum(part.quantity)::integer as quantity, sum(part.amount) as amount
            from document.order_parts(p_sales_order_id, true) as part
            group by part.part_kind, part.sales_order_line_id, part.tax_rate
        ) as part;
    end if;
    v_on := case v_kind.document_kind
        when 'return_invoice' then (coalesce(v_order.cancelled_at, (
            select max(given.at) from (
                select payment.paid_at as at from sales.payment as payment where payment.sales_order_id = p_sales_order_id and payment.amount < 0
                union all
                select cancellation.cancelled_at
                from sales.line_cancellation as cancellation
                join sales.sales_order_line as line on line.sales_order_line_id = cancellation.sales_order_line_id
                where line.sales_order_id = p_sales_order_id
            ) as given
        ), now()) at time zone v_zone)::date
        when 'receipt' then (coalesce(v_order.shipped_at, v_order.paid_at, (
            select max(payment.paid_at) from sales.payment as payment where payment.sales_order_id = p_sales_order_id
        ), now()) at time zone v_zone)::date
        else (v_order.shipped_at at time zone v_zone)::date
    end;
    v_rate := coalesce(v_original.exchange_rate, base.exchange_rate_at(v_order.currency_code, (v_order.ordered_at at time zone v_zone)::date));
    if v_rate is null then
        raise exception '受注 % の日の % のレートがありません。 | There is no rate of % on the day of order %.', v_order.order_no, v_order.currency_code,
            v_order.currency_code, v_order.order_no
            using errcode = 'DC003', hint = '消費税は円でも書くので、為替レートを登録します。 | The tax is stated in base money too: enter the exchange rate.';
    end if;
    select sum(rate.amount) + case when v_order.tax_inclusive then 0 else sum(rate.tax) end, sum(rate.tax), jsonb_agg(to_jsonb(rate) order by rate.tax_rate desc)
    into v_total, v_tax, v_rates
    from (
        select part.tax_rate, sum(part.amount) as amount,
            document.tax_of(sum(part.amount), part.tax_rate, v_order.tax_inclusive, v_decimals, v_way) as tax,
            document.tax_of(sum(part.amount) * v_rate, part.tax_rate, v_order.tax_inclusive, money.decimals::integer, v_way) as tax_base
        from jsonb_to_recordset(v_parts) as part (tax_rate numeric, amount numeric)
        cross join base.currency as money
        where money.currency_code = base.setting_text('base_currency')
        group by part.tax_rate, money.decimals
        having sum(part.amount) <> 0
    ) as rate;
    if coalesce(v_total, 0) <= 0 or exists (select from jsonb_to_recordset(v_rates) as rate (amount numeric) where rate.amount < 0) then
        raise exception '受注 % には % に書く額がありません。 | Order % has no amount for a document of the kind %.', v_order.order_no,
            split_part((select kind.label from document.document_kind as kind where kind.document_kind = p_document_kind), ' | ', 1), v_order.order_no, p_document_kind
            using errcode = 'DC010', hint = '取消と返金がまだないか、もう書類にあります。受注が増えたなら、請求書を取り消して作り直します。 | Nothing was given back yet, or a document says it already. If the order has grown, void its invoice and make it anew.';
    end if;
    v_issuer := coalesce(v_sender.invoice_registration_no, 'house');
    v_is_qualified := v_sender.invoice_registration_no is not null and (v_kind.document_kind <> 'receipt' or v_order.shipped_at is not null);
    -- Of a return what is on its invoice, else the buyer; nobody on a simplified one unless somebody is named.
    v_addressee := coalesce(v_addressee, (
        select party.addressee from document.issued_party as party where party.issued_document_id = v_original.issued_document_id
    ), (
        select nullif(left(concat_ws(' ', nullif(btrim(party.buyer_company), ''), nullif(btrim(party.buyer_name), '')), 200), '')
        from sales.sales_order_party as party
        where party.sales_order_id = p_sales_order_id and v_kind.document_kind in ('invoice', 'receipt')
    ));
    if v_addressee is null and v_kind.document_kind = 'invoice' then
        raise exception '受注 % の宛名がありません。 | Order % has no addressee.', v_order.order_no, v_order.order_no
            using errcode = 'DC003', hint = '宛名を入れるか、適格簡易請求書を作ります。 | Give an addressee, or make a simplified invoice.';
    end if;
    -- Last, because everybody who issues waits here.
    v_number := document.issue_next(v_issuer, p_document_kind);
    insert into document.issued_document (document_kind, family, issuer, issue_number, document_no, issued_on, transaction_on, shop_id, sales_order_id,
        customer_id, issue_part, original_id, is_qualified, tax_inclusive, tax_rounding, exchange_rate, tax_total, mall_paid, total, currency_code, locale,
        account_id, job_request_id, mail_id)
    select p_document_kind, v_kind.family, v_issuer, v_number, v_kind.number_prefix || '-' || lpad(v_number::text, greatest(7, length(v_number::text)), '0'),
        base.today(), v_on, v_order.shop_id, p_sales_order_id, v_order.customer_id,
        (select count(*) + 1 from document.issued_document as earlier where earlier.sales_order_id = p_sales_order_id and earlier.family = v_kind.family),
        v_original.issued_document_id, v_is_qualified, v_order.tax_inclusive, v_way, v_rate, v_tax,
        case when v_kind.family = 'return' then 0 else document.mall_paid(p_sales_order_id) end, v_total, v_order.currency_code,
        coalesce(v_original.locale, v_sender.locale, case when v_order.currency_code = 'JPY' then 'ja' else 'en' end), access.account_id(), p_job_request_id, p_mail_id
    returning issued_document_id into v_id;
    insert into document.issued_line (issued_document_id, line_no, part_kind, sales_order_line_id, quantity, tax_rate, amount)
    select v_id, row_number() over (order by part.sales_order_line_id is null, line.line_no, part.sales_order_line_id, part.part_kind, part.tax_rate desc),
        part.part_kind, part.sales_order_line_id, case when part.part_kind = 'goods' then coalesce(part.quantity, 0) end, part.tax_rate, part.amount
    from jsonb_to_recordset(v_parts) as part (part_kind text, sales_order_line_id bigint, quantity integer, tax_rate numeric, amount numeric)
    left join sales.sales_order_line as line on line.sales_order_line_id = part.sales_order_line_id;
    insert into document.issued_tax_line (issued_document_id, tax_rate, amount, tax, tax_base)
    select v_id, rate.tax_rate, rate.amount, rate.tax, rate.tax_base
    from jsonb_to_recordset(v_rates) as rate (tax_rate numeric, amount numeric, tax numeric, tax_base numeric);
    insert into document.issued_party (issued_document_id, addressee) values (v_id, v_addressee);
    return query select v_id, document.issued_facts(v_id) || jsonb_build_object('proviso', coalesce(btrim(p_proviso), ''));
end;
$$;
comment on function document.document_issue(bigint, text, text, text, bigint, bigint) is
    '帳票を発行する。番号を付け、額と宛名を台帳に書き、載せる事実を返す。ジョブかメールの作業係だけが終えられる。 | Issue a document. Numbers it, enters its amounts and addressee in the ledger, and returns the facts that it states; a worker alone can finish it, for a job or a mail.';
