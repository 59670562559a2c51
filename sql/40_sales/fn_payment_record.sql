create or replace function sales.payment_record(
    p_sales_order_id bigint, p_amount numeric, p_paid_at timestamptz, p_external_payment_no text
)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_order sales.sales_order := sales.order_take(p_sales_order_id);
    v_payment_id bigint;
begin
    if p_amount is null or p_amount <= 0 or p_amount > 1000000000000 then
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
    insert into sales.payment (sales_order_id, paid_at, amount, payment_method, external_payment_no, account_id)
    values (p_sales_order_id, coalesce(p_paid_at, now()), p_amount, v_order.payment_method, p_external_payment_no, access.account_id())
    returning payment_id into v_payment_id;
    update sales.sales_order as known
    set paid_at = coalesce(p_paid_at, now())
    where known.sales_order_id = p_sales_order_id and known.paid_at is null and known.total <= (
        select sum(payment.amount) from sales.payment as payment where payment.sales_order_id = p_sales_order_id
    );
    perform sales.holds_apply(array[p_sales_order_id]);
    return v_payment_id;
end;
$$;
comment on function sales.payment_record(bigint, numeric, timestamptz, text) is
    '入金を記録する。合計に届けば入金待ちが解ける。 | Record a payment. When the total is reached the order waits no longer.';
