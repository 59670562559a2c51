create or replace function stock.reservations_make()
    returns void
    language plpgsql
    set search_path = ''
as $$
declare
    v_account_id bigint := access.account_id();
    v_line record;
    v_can integer;
begin
    -- What each line holds now is read from its own ledger rows, never from what a bundle holds today.
    create temporary table part_work on commit drop as
    select work.sales_order_line_id, work.warehouse_id, work.arrival, work.line_no, part.sku_id, part.quantity as per, 0 as ledger
    from pg_temp.line_work as work
    join catalog.sku_part as part on part.sold_sku_id = work.sku_id
    where work.had = 0 and work.wanted > 0;
    if exists (select from pg_temp.line_work as work where work.had > 0) then
        insert into pg_temp.part_work (sales_order_line_id, warehouse_id, arrival, line_no, sku_id, per, ledger)
        select work.sales_order_line_id, work.warehouse_id, work.arrival, work.line_no, both_sides.sku_id, both_sides.per, both_sides.ledger
        from pg_temp.line_work as work
        cross join lateral (
            select sku_id, coalesce(part.quantity, 0) as per, coalesce(entry.reserved, 0)::integer as ledger
            from (
                select sku_part.sku_id, sku_part.quantity
                from catalog.sku_part as sku_part
                where sku_part.sold_sku_id = work.sku_id
            ) as part
            full join (
                select stock_entry.sku_id, sum(stock_entry.reserved_change) as reserved
                from stock.stock_entry as stock_entry
                where stock_entry.cause_id = work.sales_order_line_id and stock_entry.cause = 1
                group by stock_entry.sku_id
                having sum(stock_entry.reserved_change) <> 0
            ) as entry using (sku_id)
        ) as both_sides
        where work.had > 0;
        -- A bundle that changed while it was reserved: all of it is given back and asked for anew.
        update pg_temp.line_work as work
        set keeps = 0
        where work.had > 0 and exists (
            select from pg_temp.part_work as part
            where part.sales_order_line_id = work.sales_order_line_id and part.ledger <> work.had * part.per
        );
    end if;
    create index on pg_temp.part_work (sales_order_line_id);
    analyze pg_temp.part_work;

    -- Locks, last: the balances, sorted.
    -- A row for each, also for what never was in stock: what comes in meanwhile waits there until this page can be seen.
    insert into stock.stock_balance (sku_id, warehouse_id, oversell_limit)
    select distinct part.sku_id, part.warehouse_id, sku.oversell_limit
    from pg_temp.part_work as part
    join catalog.sku as sku on sku.sku_id = part.sku_id
    where not exists (
        select from stock.stock_balance as balance
        where balance.sku_id = part.sku_id and balance.warehouse_id = part.warehouse_id
    )
    order by 1, 2
    on conflict do nothing;
    create temporary table pool_work (
        sku_id bigint, warehouse_id bigint, available integer, demand bigint not null default 0, primary key (sku_id, warehouse_id)
    ) on commit drop;
    insert into pg_temp.pool_work (sku_id, warehouse_id, available)
    select balance.sku_id, balance.warehouse_id, balance.available + balance.oversell_limit
    from stock.stock_balance as balance
    where (balance.sku_id, balance.warehouse_id) in (select part.sku_id, part.warehouse_id from pg_temp.part_work as part)
    order by balance.sku_id, balance.warehouse_id
    for no key update;
    analyze pg_temp.pool_work;
    update pg_temp.pool_work as pool
    set available = pool.available + part.given, demand = part.demand
    from (
        select part.sku_id, part.warehouse_id, sum(part.ledger - work.keeps * part.per) as given,
            sum((work.wanted - work.keeps) * part.per) as demand
        from pg_temp.part_work as part
        join pg_temp.line_work as work on work.sales_order_line_id = part.sales_order_line_id
        group by part.sku_id, part.warehouse_id
    ) as part
    where part.sku_id = pool.sku_id and part.warehouse_id = pool.warehouse_id;

    -- Enough for everybody: in one go. A part without a balance row has nothing.
    update pg_temp.line_work as work
    set gets = work.wanted - work.keeps
    where work.wanted > work.keeps and work.sales_order_line_id in (
        select part.sales_order_line_id
        from pg_temp.part_work as part
        left join pg_temp.pool_work as pool on pool.sku_id = part.sku_id and pool.warehouse_id = part.warehouse_id
        group by part.sales_order_line_id
        having bool_and(part.per = 0 or coalesce(pool.demand <= pool.available, false)) and bool_or(part.per > 0)
    );
    -- Contested: in order of arrival, whole bundles, one by one.
    for v_line in
        select work.sales_order_line_id, work.wanted - work.keeps as wants
        from pg_temp.line_work as work
        where work.wanted > work.keeps and work.gets = 0 and work.sales_order_line_id in (
            select part.sales_order_line_id from pg_temp.part_work as part where part.per > 0
        )
        order by work.arrival, work.line_no, work.sales_order_line_id
    loop
        select least(v_line.wants, min(case when pool.sku_id is null then 0 else greatest(pool.available, 0) / part.per end)) into v_can
        from pg_temp.part_work as part
        left join pg_temp.pool_work as pool on pool.sku_id = part.sku_id and pool.warehouse_id = part.warehouse_id
        where part.sales_order_line_id = v_line.sales_order_line_id and part.per > 0;
        continue when v_can < 1;
        update pg_temp.pool_work as pool
        set available = pool.available - v_can * part.per
        from pg_temp.part_work as part
        where part.sales_order_line_id = v_line.sales_order_line_id and part.sku_id = pool.sku_id and part.warehouse_id = pool.warehouse_id;
        update pg_temp.line_work as work set gets = v_can where work.sales_order_line_id = v_line.sales_order_line_id;
    end loop;

    insert into stock.stock_entry (sku_id, warehouse_id, reason, reserved_change, cause, cause_id, cause_part, account_id)
    select part.sku_id, part.warehouse_id, case when (work.keeps + work.gets) * part.per > part.ledger then 'reserve' else 'release' end,
        (work.keeps + work.gets) * part.per - part.ledger, 1, work.sales_order_line_id, work.reserve_part + 1, v_account_id
    from pg_temp.part_work as part
    join pg_temp.line_work as work on work.sales_order_line_id = part.sales_order_line_id
    where (work.keeps + work.gets) * part.per <> part.ledger
    order by part.sku_id, part.warehouse_id, work.arrival, work.line_no;
    drop table pg_temp.part_work, pg_temp.pool_work;
end;
$$;
comment on function stock.reservations_make() is
    '引当を行う。作業表 line_work の望む数を到着順に引き当て、台帳に書く。 | Make reservations. Gives the lines of the work table line_work (sales_order_line_id, warehouse_id, arrival, line_no, sku_id, had, keeps, wanted, gets, reserve_part) what there is, in order of arrival, and writes the ledger; fills gets.';
