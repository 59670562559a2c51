create or replace function sales.order_cancel(p_sales_order_id bigint, p_cancel_reason text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_order sales.sales_order := sales.order_take(p_sales_order_id);
begin
    if v_order.shipped_at is not null or v_order.cancelled_at is not null then
        raise exception '受注 % はすでに出荷済みかキャンセル済みです。 | Order % is shipped or cancelled already.', v_order.order_no, v_order.order_no
            using errcode = 'DC010', hint = '出荷済みなら返品で処理します。 | Use a return for what was shipped.';
    end if;
    perform sales.order_free(p_sales_order_id);
    update sales.sales_order as known
    set cancelled_at = now(), cancel_reason = p_cancel_reason, status = 'cancelled'
    where known.sales_order_id = p_sales_order_id;
    perform sales.holds_apply(array[p_sales_order_id]);
end;
$$;
comment on function sales.order_cancel(bigint, text) is
    'キャンセルする。引当を戻す。 | Cancel. Gives back what was reserved.';
