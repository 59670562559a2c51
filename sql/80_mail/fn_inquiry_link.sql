create or replace function mail.inquiry_link(p_inquiry_id bigint, p_sales_order_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_inquiry mail.inquiry := mail.inquiry_of(p_inquiry_id);
    v_order sales.sales_order;
begin
    select known.* into v_order
    from sales.sales_order as known
    where known.sales_order_id = p_sales_order_id and known.shop_id = v_inquiry.shop_id
        and known.shop_id = any((select access.shop_ids())::bigint[]) and known.warehouse_id = any((select access.warehouse_ids())::bigint[]);
    if p_sales_order_id is not null and v_order.sales_order_id is null then
        raise exception '受注 % は、この店舗にありません。 | This shop has no order %.', p_sales_order_id, p_sales_order_id
            using errcode = 'DC404', hint = '伝票番号を確かめます。 | Check the number of the slip.';
    end if;
    update mail.inquiry as inquiry
    set sales_order_id = p_sales_order_id, customer_id = v_order.customer_id, linked_by = 'person', evidence = null
    where inquiry.inquiry_id = p_inquiry_id;
end;
$$;
comment on function mail.inquiry_link(bigint, bigint) is '受注に結び直す。空なら離す。 | Link. To another order; empty unlinks it.';
