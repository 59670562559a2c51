create or replace function sales.order_take(p_sales_order_id bigint)
    returns sales.sales_order
    language plpgsql
    set search_path = ''
as $$
declare
    v_order sales.sales_order;
begin
    select known.* into v_order
    from sales.sales_order as known
    where known.sales_order_id = p_sales_order_id and known.warehouse_id = any((select access.warehouse_ids())::bigint[])
        and known.shop_id = any((select access.shop_ids())::bigint[])
    for no key update;
    if v_order.sales_order_id is null then
        raise exception '受注 % が見つかりません。 | Order % is not there.', p_sales_order_id, p_sales_order_id
            using errcode = 'DC404', hint = '担当外の店舗か倉庫のものかもしれません。 | It may belong to a shop or warehouse that is not yours.';
    end if;
    return v_order;
end;
$$;
comment on function sales.order_take(bigint) is
    '受注を取る。担当範囲の受注を更新のために押さえる。 | Take an order. Locks an order within scope; DC404 when there is none.';
