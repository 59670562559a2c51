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
