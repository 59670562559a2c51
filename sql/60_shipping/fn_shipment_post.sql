create or replace function shipping.shipment_post(p_sales_order_id bigint, p_carrier_code text, p_tracking_no text)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_order sales.sales_order := sales.order_take(p_sales_order_id);
    v_shipment_id bigint;
begin
    if v_order.status not in ('ready_to_ship', 'in_fulfilment') then
        raise exception '受注 % は出荷できる状態ではありません（%）。 | Order % cannot be shipped now (%).',
            v_order.order_no, v_order.status, v_order.order_no, v_order.status
            using errcode = 'DC010', hint = '伝票の「なぜここ」を見て、理由を先に解きます。 | See on the slip why it waits, and settle that first.';
    end if;
    insert into shipping.shipment (sales_order_id, warehouse_id, carrier_code, tracking_no, account_id)
    values (p_sales_order_id, v_order.warehouse_id, p_carrier_code, upper(btrim(p_tracking_no)), access.account_id())
    returning shipment_id into v_shipment_id;
    -- What leaves is what the line's own ledger rows promised.
    with shipped as (
        insert into shipping.shipment_line (shipment_id, sales_order_line_id, quantity)
        select v_shipment_id, line.sales_order_line_id, line.quantity_reserved
        from sales.sales_order_line as line
        where line.sales_order_id = p_sales_order_id and line.quantity_reserved > 0
        order by line.sales_order_line_id
        returning shipment_line_id, sales_order_line_id
    )
    insert into stock.stock_entry (sku_id, warehouse_id, reason, on_hand_change, reserved_change, cause, cause_id, account_id)
    select entry.sku_id, entry.warehouse_id, 'ship', -sum(entry.reserved_change), -sum(entry.reserved_change), 2,
        shipped.shipment_line_id, access.account_id()
    from shipped
    join stock.stock_entry as entry on entry.cause_id = shipped.sales_order_line_id and entry.cause = 1
    group by entry.sku_id, entry.warehouse_id, shipped.shipment_line_id
    having sum(entry.reserved_change) > 0
    order by entry.sku_id, entry.warehouse_id, shipped.shipment_line_id;
    update sales.sales_order_line as line
    set quantity_shipped = line.quantity_reserved, quantity_reserved = 0, is_closed = true
    where line.sales_order_id = p_sales_order_id;
    update sales.sales_order as known
    set shipped_at = now(), status = 'shipped'
    where known.sales_order_id = p_sales_order_id;
    insert into transit.push (shop_id, shipment_id, kind) values (v_order.shop_id, v_shipment_id, 'shipment');
    return v_shipment_id;
end;
$$;
comment on function shipping.shipment_post(bigint, text, text) is
    '出荷する。在庫を出し、店舗への通知を用意する。 | Ship. Issues the stock and makes the notice to the shop due.';
