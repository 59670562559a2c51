create or replace function channel.listing_link(p_listing_id bigint, p_sku_id bigint)
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_listing channel.listing;
    v_orders bigint[];
begin
    select listing.* into v_listing
    from channel.listing as listing
    where listing.listing_id = p_listing_id and listing.shop_id = any((select access.shop_ids())::bigint[]);
    if v_listing.listing_id is null or not exists (select from catalog.sku as sku where sku.sku_id = p_sku_id) then
        raise exception '出品 % か SKU % が見つかりません。 | Listing % or SKU % is not there.', p_listing_id, p_sku_id, p_listing_id, p_sku_id
            using errcode = 'DC404', hint = '一覧を開き直して選びます。 | Open the list again and choose.';
    end if;
    v_orders := array(
        select distinct line.sales_order_id
        from sales.sales_order_line as line
        where line.listing_id = p_listing_id and line.sku_id is null
        order by 1
    );
    -- Orders before listings and balances: the order in which all locks are taken.
    perform 1 from sales.sales_order as known where known.sales_order_id = any(v_orders) order by known.sales_order_id for no key update;
    perform 1 from channel.listing as listing where listing.listing_id = p_listing_id for no key update;
    -- A page that was under way has ended by now, and its lines are there.
    v_orders := array(
        select distinct line.sales_order_id
        from sales.sales_order_line as line
        where line.listing_id = p_listing_id and line.sku_id is null
        order by 1
    );
    perform 1 from sales.sales_order as known where known.sales_order_id = any(v_orders) order by known.sales_order_id for no key update;
    update sales.sales_order_line as line
    set sku_id = p_sku_id
    where line.listing_id = p_listing_id and line.sku_id is null;
    perform sales.waiting_reserve(array(select part.sku_id from catalog.sku_part as part where part.sold_sku_id = p_sku_id));
    perform sales.holds_apply(v_orders);
    -- Last: it makes a push due, and the dispatcher takes pushes after changes of SKUs.
    update channel.listing as listing set sku_id = p_sku_id where listing.listing_id = p_listing_id;
    return cardinality(v_orders);
end;
$$;
comment on function channel.listing_link(bigint, bigint) is
    '出品を SKU に対応させる。待っていた受注に引き当て、その数を返す。 | Link a listing to a SKU. Orders that waited for it are reserved; returns how many.';
