create or replace function shipping.shipment_post(
    p_sales_order_id bigint, p_carrier_code text, p_tracking_no text, p_in_one_parcel boolean default false
)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_order sales.sales_order := sales.order_take(p_sales_order_id);
    -- As people type it: full width, with spaces, with the dashes of a Japanese keyboard.
    v_tracking_no text := upper(regexp_replace(translate(normalize(coalesce(p_tracking_no, ''), nfkc), '‐–—−ー', '-----'), '\s+', '', 'g'));
    v_shipment_id bigint;
    v_other_no text;
    v_status text := (select status.label from sales.order_status as status where status.status = v_order.status);
begin
    if v_order.status not in ('ready_to_ship', 'in_fulfilment') then
        raise exception '受注 % は出荷できる状態ではありません（%）。 | Order % cannot be shipped now (%).',
            v_order.order_no, split_part(v_status, ' | ', 1), v_order.order_no, reverse(split_part(reverse(v_status), ' | ', 1))
            using errcode = 'DC010', hint = '伝票の「なぜここ」を見て、理由を先に解きます。 | See on the slip why it waits, and settle that first.';
    end if;
    if v_tracking_no = '' then
        raise exception '受注 % の送り状番号がありません。 | The tracking no. of order % is missing.', v_order.order_no, v_order.order_no
            using errcode = 'DC003', column = 'tracking_no', schema = 'shipping', table = 'shipment',
            hint = '送り状にある番号を入れます。 | Enter the number on the label.';
    end if;
    if v_tracking_no !~ '^[0-9A-Z][0-9A-Z-]{0,39}$' or v_tracking_no !~ '[0-9]' then
        raise exception '受注 % の送り状番号は番号の形ではありません。 | The tracking no. of order % does not look like one.',
            v_order.order_no, v_order.order_no
            using errcode = 'DC002', column = 'tracking_no', schema = 'shipping', table = 'shipment',
            hint = '英数字とハイフンで 40 文字まで、数字を含みます。 | Letters, digits and hyphens, 40 at most, with a digit among them.';
    end if;
    -- Carriers use a number again after some months, never within 90 days.
    select known.order_no into v_other_no
    from shipping.shipment as shipment
    join sales.sales_order as known on known.sales_order_id = shipment.sales_order_id
    where replace(shipment.tracking_no, '-', '') = replace(v_tracking_no, '-', '') and shipment.carrier_code = p_carrier_code
        and shipment.sales_order_id <> p_sales_order_id and shipment.shipped_at > now() - interval '90 days'
        and known.warehouse_id = any((select access.warehouse_ids())::bigint[])
        and known.shop_id = any((select access.shop_ids())::bigint[])
    order by shipment.shipment_id desc
    limit 1;
    if v_other_no is not null and p_in_one_parcel is not true then
        raise exception '送り状番号 % は受注 % の出荷ですでに使われています。 | The tracking no. % was used already for order %.',
            v_tracking_no, v_other_no, v_tracking_no, v_other_no
            using errcode = 'DC010', column = 'tracking_no', schema = 'shipping', table = 'shipment',
            hint = '番号を確かめます。一つの荷物にまとめたときは「同梱」を「はい」にします。 | Check the number. If both left in one parcel, answer yes to "one parcel".';
    end if;
    if exists (
        select from sales.sales_order_line as line
        join stock.stock_entry as entry on entry.cause = 1 and entry.cause_id = line.sales_order_line_id
        join stock.stock_balance as balance on balance.sku_id = entry.sku_id and balance.warehouse_id = entry.warehouse_id
        where line.sales_order_id = p_sales_order_id and line.quantity_reserved > 0
        group by balance.sku_id, balance.warehouse_id
        having sum(entry.reserved_change) > balance.on_hand
    ) then
        raise exception '受注 % の商品がまだ棚にありません。 | Goods of order % are not on the shelf yet.', v_order.order_no, v_order.order_no
            using errcode = 'DC011', hint = '入庫してから出荷します。 | Receive them first.';
    end if;
    insert into shipping.shipment (sales_order_id, warehouse_id, carrier_code, tracking_no, account_id)
    values (p_sales_order_id, v_order.warehouse_id, p_carrier_code, v_tracking_no, access.account_id())
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
comment on function shipping.shipment_post(bigint, text, text, boolean) is
    '出荷する。在庫を出し、店舗への通知を用意する。 | Ship. Issues the stock and makes the notice to the shop due.';
