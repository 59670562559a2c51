create or replace function sales.payment_void(p_payment_id bigint, p_void_reason text)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_payment sales.payment;
    v_order sales.sales_order;
    v_void_id bigint;
    v_paid numeric;
begin
    select payment.* into v_payment from sales.payment as payment where payment.payment_id = p_payment_id;
    if v_payment.payment_id is null then
        raise exception '入金 % が見つかりません。 | Payment % is not there.', p_payment_id, p_payment_id
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    v_order := sales.order_take(v_payment.sales_order_id);
    if coalesce(btrim(p_void_reason), '') = '' then
        raise exception '取消の理由がありません。 | The reason for taking back is missing.'
            using errcode = 'DC003', column = 'void_reason', schema = 'sales', table = 'payment',
            hint = '何が違ったかを書きます。 | Write what was wrong.';
    end if;
    if v_payment.voids_payment_id is not null then
        raise exception '入金 % は取消の行です。 | Payment % is one that takes another back.', p_payment_id, p_payment_id
            using errcode = 'DC010', hint = '取消が間違いなら、入金をもう一度記録します。 | If that was wrong, record the payment again.';
    end if;
    if exists (select from sales.payment as payment where payment.voids_payment_id = p_payment_id) then
        raise exception '入金 % はすでに取り消されています。 | Payment % has been taken back already.', p_payment_id, p_payment_id
            using errcode = 'DC012', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    -- Read again under the order's lock: the number may have been taken away meanwhile.
    insert into sales.payment (sales_order_id, paid_at, amount, payment_method, external_payment_no, account_id, voids_payment_id,
        payment_part, void_reason)
    select payment.sales_order_id, now(), -payment.amount, payment.payment_method, payment.external_payment_no, access.account_id(),
        payment.payment_id, payment.payment_part + 1, btrim(p_void_reason)
    from sales.payment as payment
    where payment.payment_id = p_payment_id
    returning payment_id into v_void_id;
    select sum(payment.amount) into v_paid from sales.payment as payment where payment.sales_order_id = v_order.sales_order_id;
    -- Paid by the word of the shop for less than its total now, it stays so while other money is there.
    update sales.sales_order as known
    set paid_at = null
    where known.sales_order_id = v_order.sales_order_id and known.paid_at is not null
        and (v_paid <= 0 or v_paid < known.total and v_paid + v_payment.amount >= known.total);
    perform sales.holds_apply(array[v_order.sales_order_id]);
    return v_void_id;
end;
$$;
comment on function sales.payment_void(bigint, text) is
    '入金を取り消す。間違って記録した入金を反対の額の行で戻す。同じ決済番号はもう一度記録できる。 | Take a payment back. One recorded wrongly gets a row of the opposite amount; its number can be recorded again.';
