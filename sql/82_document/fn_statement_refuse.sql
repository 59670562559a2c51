create or replace function document.statement_refuse(
    p_customer_id bigint, p_issuer text, p_currency_code text, p_tax_inclusive boolean, p_closes_on date
)
    returns void
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_term customer.credit_term;
    v_last record;
    v_wrong record;
begin
    select term.* into v_term from customer.credit_term as term where term.customer_id = p_customer_id and term.is_on;
    if v_term.customer_id is null then
        raise exception '顧客 % には掛売の条件がありません。 | Customer % has no credit terms.', p_customer_id, p_customer_id
            using errcode = 'DC010', hint = '「掛売の条件」に締日と支払日を入れます。 | Enter the closing day and the payment day under "Credit terms".';
    end if;
    if p_closes_on is null or p_closes_on > base.today() or p_closes_on <> document.day_of_month(p_closes_on, v_term.closing_day) then
        raise exception '% は顧客 % の過ぎた締日ではありません。 | % is no past closing day of customer %.', p_closes_on, p_customer_id, p_closes_on, p_customer_id
            using errcode = 'DC002', hint = '締日が来てから、その日で締めます。 | Close on their closing day, when it has come.';
    end if;
    select last.* into v_last from document.statement_last(p_customer_id, p_issuer, p_currency_code, p_tax_inclusive) as last;
    if v_last.closes_on >= p_closes_on then
        raise exception '顧客 % は % までもう締めています（%）。 | The account of customer % is closed up to % already (%).', p_customer_id, v_last.closes_on,
            v_last.document_no, p_customer_id, v_last.closes_on, v_last.document_no
            using errcode = 'DC010', hint = '発行済み帳票から写しを印刷します。締め直すなら、先に取り消します。 | Print a copy from the issued documents. To close it anew, void that one first.';
    end if;
    select sold.order_no, sold.total, document.charge(sold.sales_order_id, false) as charge into v_wrong
    from document.statement_orders(p_closes_on, p_customer_id) as found
    join sales.sales_order as sold on sold.sales_order_id = found.sales_order_id
    where found.issuer = p_issuer and found.currency_code = p_currency_code and found.tax_inclusive = p_tax_inclusive and found.original_id is null
        and (sold.total is null or not exists (
            select from unnest(array['down', 'half_up', 'up']) as way where document.charge(sold.sales_order_id, false, way) = sold.total
        ))
    order by sold.sales_order_id
    limit 1;
    if v_wrong.order_no is not null then
        raise exception '受注 % の合計 % が、明細と税率ごとの税の和 % と合いません。 | The total of order %, %, is not the sum of its lines and the tax of each rate, %.',
            v_wrong.order_no, coalesce(trim_scale(v_wrong.total)::text, '?'), trim_scale(v_wrong.charge), v_wrong.order_no,
            coalesce(trim_scale(v_wrong.total)::text, '?'), trim_scale(v_wrong.charge)
            using errcode = 'DC010', hint = '店舗で金額を直してから締めます。 | Correct the amounts at the shop, then close the account.';
    end if;
end;
$$;
comment on function document.statement_refuse(bigint, text, text, boolean, date) is
    '締められない理由。なければ何もしない。 | Why an account cannot be closed; nothing where it can.';
