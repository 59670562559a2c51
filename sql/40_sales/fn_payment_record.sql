create or replace function sales.payment_record(
    p_sales_order_id bigint, p_amount numeric, p_paid_at timestamptz, p_external_payment_no text,
    p_is_over boolean default false
)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_order sales.sales_order := sales.order_take(p_sales_order_id);
    v_payment_id bigint;
    v_paid numeric;
    v_part integer;
begin
    if p_amount > 1000000000000 then
        raise exception '入金額 % は大きすぎます。 | The amount % is too large.', p_amount, p_amount
            using errcode = 'DC002', column = 'amount', schema = 'sales', table = 'payment', hint = '桁を確かめます。 | Count its digits.';
    end if;
    if p_amount is null or p_amount <= 0 then
        raise exception '入金額 % は 0 より大きい金額ではありません。 | The amount % is not greater than 0.', p_amount, p_amount
            using errcode = 'DC002', column = 'amount', schema = 'sales', table = 'payment', hint = '受け取った額を入れます。 | Enter what was received.';
    end if;
    if p_amount <> round(p_amount, (
        select currency.decimals from base.currency as currency where currency.currency_code = v_order.currency_code
    )) then
        raise exception '入金額 % の小数が % の桁に合いません。 | The amount % has more decimals than %.', p_amount, v_order.currency_code, p_amount,
            v_order.currency_code
            using errcode = 'DC002', column = 'amount', schema = 'sales', table = 'payment', hint = '小数を確かめます。 | Check the decimals.';
    end if;
    if p_paid_at not between timestamptz '2000-01-01' and now() + interval '1 day' then
        raise exception '入金日時が先か、古すぎます。 | The time of payment lies ahead or is too old.'
            using errcode = 'DC002', column = 'paid_at', schema = 'sales', table = 'payment', hint = '日付を確かめます。 | Check the date.';
    end if;
    if coalesce(btrim(p_external_payment_no), '') = '' then
        raise exception '決済番号がありません。 | The payment no. is missing.'
            using errcode = 'DC003', column = 'external_payment_no', schema = 'sales', table = 'payment',
            hint = '通帳や決済画面の番号を入れます。 | Enter the number on the statement.';
    end if;
    -- A number that was taken back may be recorded again; any other counts once.
    select coalesce(max(payment.payment_part) filter (where payment.voids_payment_id is not null), 0) + 1 into v_part
    from sales.payment as payment
    where payment.sales_order_id = p_sales_order_id and payment.external_payment_no = p_external_payment_no;
    insert into sales.payment (sales_order_id, paid_at, amount, payment_method, external_payment_no, account_id, payment_part)
    values (p_sales_order_id, coalesce(p_paid_at, now()), p_amount, v_order.payment_method, p_external_payment_no, access.account_id(), v_part)
    returning payment_id into v_payment_id;
    select sum(payment.amount) into v_paid from sales.payment as payment where payment.sales_order_id = p_sales_order_id;
    -- After the insert: who enters a number twice is told that, and not that nothing is open.
    if v_paid > v_order.total and p_is_over is not true then
        raise exception '入金額 % が受注 % の未入金額 % を超えます。 | The amount % is more than what is open of order %, %.', p_amount,
            v_order.order_no, greatest(v_order.total - v_paid + p_amount, 0)::text, p_amount, v_order.order_no,
            greatest(v_order.total - v_paid + p_amount, 0)::text
            using errcode = 'DC002', column = 'amount', schema = 'sales', table = 'payment',
            hint = '額を確かめます。間違った入金は取り消せます。本当に多く受け取ったなら「過入金」を選びます。 | Check the amount. A wrong payment can be taken back. If that much was received, choose "Overpaid".';
    end if;
    update sales.sales_order as known
    set paid_at = coalesce(p_paid_at, now())
    where known.sales_order_id = p_sales_order_id and known.paid_at is null and known.total <= v_paid;
    perform sales.holds_apply(array[p_sales_order_id]);
    return v_payment_id;
end;
$$;
comment on function sales.payment_record(bigint, numeric, timestamptz, text, boolean) is
    '入金を記録する。合計に届けば入金待ちが解ける。未入金額を超える額は、過入金と言わない限り拒む。 | Record a payment. When the total is reached the order waits no longer; more than what is open is refused unless it is said to be meant.';
