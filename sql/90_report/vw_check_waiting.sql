create or replace view report.check_waiting with (security_invoker = true) as
select line.sales_order_line_id, line.sales_order_id, line.sku_id, line.quantity_ordered, line.quantity_reserved
from sales.sales_order_line as line
join sales.sales_order as sales_order on sales_order.sales_order_id = line.sales_order_id
where not line.is_closed and line.quantity_reserved + line.quantity_shipped < line.quantity_ordered
    and exists (select from catalog.sku_part as part where part.sold_sku_id = line.sku_id)
    and not exists (
        select from catalog.sku_part as part
        join catalog.sku as sku on sku.sku_id = part.sku_id
        left join stock.stock_balance as balance
            on balance.sku_id = part.sku_id and balance.warehouse_id = sales_order.warehouse_id
        where part.sold_sku_id = line.sku_id
            and coalesce(balance.available + balance.oversell_limit, sku.oversell_limit) < part.quantity
    )
    and not exists (
        select from catalog.sku_part as part
        join transit.sku_changed as changed on changed.sku_id = part.sku_id and not changed.is_served
        where part.sold_sku_id = line.sku_id
    )
union all
select line.sales_order_line_id, line.sales_order_id, listing.sku_id, line.quantity_ordered, line.quantity_reserved
from sales.sales_order_line as line
join channel.listing as listing on listing.listing_id = line.listing_id and listing.sku_id is not null
where line.sku_id is null;
comment on view report.check_waiting is
    '引当待ちの検査。在庫があるのに誰も起こさない明細、対応済みの出品で SKU のない明細。空であること。 @key(sales_order_line_id) | Waiting check. Lines that could be served and that nothing will wake, or without the SKU that their listing has; must be empty. @key(sales_order_line_id)';
comment on column report.check_waiting.sales_order_line_id is '明細。 | Line.';
comment on column report.check_waiting.sales_order_id is '受注。 | Order.';
comment on column report.check_waiting.sku_id is 'SKU。 | SKU.';
comment on column report.check_waiting.quantity_ordered is '受注数。 | Ordered.';
comment on column report.check_waiting.quantity_reserved is '引当数。 | Reserved.';
