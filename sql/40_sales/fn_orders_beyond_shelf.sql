create or replace function sales.orders_beyond_shelf()
    returns table (sales_order_id bigint, lines integer)
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
#variable_conflict use_column
begin
    if not exists (
        select from stock.stock_balance as balance where balance.oversell_limit > 0 and balance.available < 0
    ) then
        return;
    end if;
    -- The shelf goes to who came first, in whichever shop: so the promises of all shops are counted, and of those in scope is told.
    return query
    with beyond as materialized (
        select balance.sku_id, balance.warehouse_id, balance.on_hand
        from stock.stock_balance as balance
        where balance.oversell_limit > 0 and balance.available < 0
    ), bundled as materialized (
        -- What a bundle holds is in its line's own ledger rows, whatever it is made of today. Line by line: a SKU's whole ledger is long.
        select line.sales_order_line_id, line.sales_order_id, line.line_no, held.sku_id, held.warehouse_id, held.pieces
        from catalog.sku as bundle
        join sales.sales_order_line as line on line.sku_id = bundle.sku_id and line.quantity_reserved > 0
        cross join lateral (
            select entry.sku_id, entry.warehouse_id, sum(entry.reserved_change) as pieces
            from stock.stock_entry as entry
            where entry.cause = 1 and entry.cause_id = line.sales_order_line_id
            group by entry.sku_id, entry.warehouse_id
            having sum(entry.reserved_change) > 0
        ) as held
        where bundle.is_bundle
    ), promise as (
        select line.sales_order_line_id, line.sales_order_id, line.line_no, beyond.sku_id, beyond.warehouse_id, beyond.on_hand,
            line.quantity_reserved::bigint as pieces
        from beyond
        join sales.sales_order_line as line on line.sku_id = beyond.sku_id and line.quantity_reserved > 0
        union all
        select bundled.sales_order_line_id, bundled.sales_order_id, bundled.line_no, beyond.sku_id, beyond.warehouse_id, beyond.on_hand,
            bundled.pieces
        from bundled
        join beyond on beyond.sku_id = bundled.sku_id and beyond.warehouse_id = bundled.warehouse_id
    ), reached as (
        select promise.sales_order_line_id, known.sales_order_id, known.shop_id, known.warehouse_id, promise.on_hand,
            sum(promise.pieces) over (
                partition by promise.sku_id, promise.warehouse_id
                order by known.first_message_id, known.sales_order_id, promise.line_no, promise.sales_order_line_id
            ) as promised
        from promise
        join sales.sales_order as known
            on known.sales_order_id = promise.sales_order_id and known.warehouse_id = promise.warehouse_id
    )
    select reached.sales_order_id, count(distinct reached.sales_order_line_id)::integer
    from reached
    where reached.promised > reached.on_hand
        and (
            (select access.sees_all())
            or reached.shop_id = any((select access.shop_ids())::bigint[])
                and reached.warehouse_id = any((select access.warehouse_ids())::bigint[])
            -- Whom no row policy binds either: the administrator who looks at the checks.
            or (select role.rolsuper from pg_catalog.pg_roles as role where role.rolname = session_user)
        )
    group by reached.sales_order_id;
end;
$$;
comment on function sales.orders_beyond_shelf() is
    '棚を超えた受注。引当はあるが、到着順に数えると棚の数が届かない受注と、その明細の数。 | Orders beyond the shelf. They are promised goods that, counted in order of arrival, the shelf does not hold; with the number of such lines.';
