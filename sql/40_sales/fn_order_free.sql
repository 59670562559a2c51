create or replace function sales.order_free(p_sales_order_id bigint)
    returns void
    language plpgsql
    set search_path = ''
as $$
begin
    create temporary table line_work on commit drop as
    select line.sales_order_line_id, known.warehouse_id, known.first_message_id as arrival, line.line_no, line.sku_id,
        line.quantity_reserved as had, 0 as keeps, 0 as wanted, 0 as gets, line.reserve_part
    from sales.sales_order as known
    join sales.sales_order_line as line on line.sales_order_id = known.sales_order_id
    where known.sales_order_id = p_sales_order_id;
    perform stock.reservations_make();
    update sales.sales_order_line as line
    set quantity_reserved = 0, reserve_part = line.reserve_part + 1, is_closed = true
    from pg_temp.line_work as work
    where line.sales_order_line_id = work.sales_order_line_id;
    drop table pg_temp.line_work;
end;
$$;
comment on function sales.order_free(bigint) is '引当を解く。受注の全明細の引当を戻し、終了にする。 | Free an order. Gives back all it reserved and closes its lines.';
