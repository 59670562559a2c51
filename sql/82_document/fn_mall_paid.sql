create or replace function document.mall_paid(p_sales_order_id bigint)
    returns numeric
    language sql
    stable
    set search_path = ''
as $$
    select -coalesce(sum(fee.amount), 0)
    from sales.sales_order_fee as fee
    where fee.sales_order_id = p_sales_order_id and fee.fee_kind in ('discount', 'coupon', 'points') and not fee.is_shop_funded
$$;
comment on function document.mall_paid(bigint) is
    'モールが払う額。モール負担の値引、クーポン、ポイント。 | What the mall pays. Discounts, coupons and points at its cost.';
