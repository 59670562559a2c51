create or replace function sales.waiting_reserve(p_sku_ids bigint[])
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_limit constant integer := 2000;
    v_orders bigint[];
    v_judged bigint[];
begin
    -- The shelf changed for whom it was promised to: those it reaches now, and those it no longer reaches.
    select array(
        select coalesce(beyond.sales_order_id, hold.sales_order_id)
        from sales.orders_beyond_shelf() as beyond
        full join (
            select hold.sales_order_id, hold.evidence from sales.hold as hold where hold.released_at is null and hold.hold_reason = 'awaiting_goods'
        ) as hold on hold.sales_order_id = beyond.sales_order_id
        where beyond.sales_order_id is null or hold.evidence ->> 'lines' <> beyond.lines::text or hold.sales_order_id is null and exists (
            select from sales.sales_order as known
            join sales.hold_rule as rule on rule.rule_kind = 'awaiting_goods' and rule.hold_reason = 'awaiting_goods' and rule.is_on
                and (rule.shop_id is null or rule.shop_id = known.shop_id)
            where known.sales_order_id = beyond.sales_order_id
        )
        order by 1
        limit v_limit
    ) into v_judged;
    -- Lines that wait for one of these SKUs, themselves or in a bundle, in order of arrival; only where there is some to give.
    select array(
        select known.sales_order_id
        from catalog.sku_part as part
        join sales.sales_order_line as line on line.sku_id = part.sold_sku_id and not line.is_closed
            and line.quantity_reserved + line.quantity_shipped < line.quantity_ordered
        join sales.sales_order as known on known.sales_order_id = line.sales_order_id
        join catalog.sku as sku on sku.sku_id = part.sku_id
        left join stock.stock_balance as balance on balance.sku_id = part.sku_id and balance.warehouse_id = known.warehouse_id
        where part.sku_id = any(p_sku_ids) and coalesce(balance.available + balance.oversell_limit, sku.oversell_limit) >= part.quantity
        group by known.sales_order_id
        order by known.first_message_id
        limit v_limit
    ) into v_orders;
    if v_orders = '{}' and v_judged = '{}' then
        return 0;
    end if;
    perform 1 from sales.sales_order as known
    where known.sales_order_id = any(v_orders || v_judged)
    order by known.sales_order_id
    for no key update;
    create temporary table line_work on commit drop as
    select line.sales_order_line_id, line.sales_order_id, known.warehouse_id, known.first_message_id as arrival, line.line_no, line.sku_id,
        line.quantity_reserved as had, line.quantity_reserved as keeps, line.quantity_ordered - line.quantity_shipped as wanted, 0 as gets,
        line.reserve_part
    from sales.sales_order as known
    join sales.sales_order_line as line on line.sales_order_id = known.sales_order_id
    where known.sales_order_id = any(v_orders) and known.cancelled_at is null and known.shipped_at is null and not line.is_closed
        and line.quantity_reserved + line.quantity_shipped < line.quantity_ordered and exists (
            -- Its other lines wait for their own turn: somebody may have come before them.
            select from catalog.sku_part as part where part.sold_sku_id = line.sku_id and part.sku_id = any(p_sku_ids)
        );
    perform stock.reservations_make();
    update sales.sales_order_line as line
    set quantity_reserved = work.keeps + work.gets, reserve_part = line.reserve_part + 1
    from pg_temp.line_work as work
    where line.sales_order_line_id = work.sales_order_line_id and (work.gets > 0 or work.keeps <> work.had);
    v_orders := array(
        select work.sales_order_id from pg_temp.line_work as work where work.gets > 0
        union
        select unnest(v_judged)
        order by 1
    );
    drop table pg_temp.line_work;
    perform sales.holds_apply(v_orders);
    if cardinality(v_judged) = v_limit then
        -- More wait than one turn takes: these SKUs come round again.
        update transit.sku_changed as changed
        set changed_at = clock_timestamp()
        where changed.sku_id in (
            select waiting.sku_id from transit.sku_changed as waiting where waiting.sku_id = any(p_sku_ids) order by waiting.sku_id for update
        );
    end if;
    return cardinality(v_orders);
end;
$$;
comment on function sales.waiting_reserve(bigint[]) is
    '待つ明細に引き当てる。入った在庫を到着順に渡し、棚が届いた受注、届かなくなった受注を見直す。受注の数を返す。 | Reserve for waiting lines. Gives what came in to them in order of arrival, and judges anew the orders that the shelf now reaches or no longer does; returns the number of orders.';
