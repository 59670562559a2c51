create or replace view report.check_reservation with (security_invoker = true) as
select line.sales_order_line_id, line.sales_order_id, line.sku_id, line.quantity_reserved, line.quantity_shipped, entry.promised,
    entry.parts
from sales.sales_order_line as line
join sales.sales_order as sales_order on sales_order.sales_order_id = line.sales_order_id and not sales_order.is_history
left join (
    select per_sku.cause_id, sum(per_sku.reserved) as promised, count(*) as parts, min(per_sku.reserved) as least
    from (
        select stock_entry.cause_id, stock_entry.sku_id, sum(stock_entry.reserved_change) as reserved
        from stock.stock_entry as stock_entry
        where stock_entry.cause = 1
        group by stock_entry.cause_id, stock_entry.sku_id
        having sum(stock_entry.reserved_change) <> 0
    ) as per_sku
    group by per_sku.cause_id
) as entry on entry.cause_id = line.sales_order_line_id
left join catalog.sku as sku on sku.sku_id = line.sku_id
where case
    when line.quantity_reserved + line.quantity_shipped = 0 then entry.cause_id is not null
    when sku.is_bundle then entry.cause_id is null or entry.least < line.quantity_reserved + line.quantity_shipped
        or entry.promised % (line.quantity_reserved + line.quantity_shipped) <> 0
    else entry.promised is distinct from line.quantity_reserved + line.quantity_shipped or entry.parts <> 1
end;
comment on view report.check_reservation is
    '引当検査。明細の引当・出荷と台帳が違うもの。空であること。 @key(sales_order_line_id) | Reservation check. Lines whose reserved or shipped pieces differ from the ledger; must be empty. @key(sales_order_line_id)';
comment on column report.check_reservation.sales_order_line_id is '明細。 | Line.';
comment on column report.check_reservation.sales_order_id is '受注。 | Order.';
comment on column report.check_reservation.sku_id is 'SKU。 | SKU.';
comment on column report.check_reservation.quantity_reserved is '引当数。 | Reserved.';
comment on column report.check_reservation.quantity_shipped is '出荷数。 | Shipped.';
comment on column report.check_reservation.promised is '台帳で約束した数。 | Promised by the ledger.';
comment on column report.check_reservation.parts is '構成の数。 | Parts.';
