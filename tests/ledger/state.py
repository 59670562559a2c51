"""What the machine reads of the ledger, each in one statement."""

from tests.ledger.model import Line

STATE = """
select 'balance' as kind, sku.sku_code as one, '' as two, jsonb_build_array(coalesce(sum(on_hand), 0), coalesce(sum(reserved), 0)) as value
from catalog.sku as sku left join stock.stock_balance as balance using (sku_id)
where not sku.is_bundle group by sku.sku_code
union all
select 'as_of', sku.sku_code, '', jsonb_build_array(coalesce(sum(past.on_hand), 0), coalesce(sum(past.reserved), 0))
from catalog.sku as sku left join lateral stock.as_of(sku.sku_id, 'infinity') as past on true
where not sku.is_bundle group by sku.sku_code
union all
select 'order', shop.shop_code, known.external_order_no, jsonb_build_array(known.status, (
    select jsonb_object_agg(line.line_key, jsonb_build_array(sku.sku_code, line.quantity_ordered, line.quantity_reserved, line.quantity_shipped))
    from sales.sales_order_line as line left join catalog.sku as sku using (sku_id)
    where line.sales_order_id = known.sales_order_id))
from sales.sales_order as known join channel.shop as shop using (shop_id)
"""
# Orders that hold or held a SKU at which the dispatcher has still to look
UNSETTLED = """
select distinct shop.shop_code::text, known.external_order_no
from transit.sku_changed as changed
join stock.stock_entry as entry on entry.sku_id = changed.sku_id and entry.cause = 1
join sales.sales_order_line as line on line.sales_order_line_id = entry.cause_id
join sales.sales_order as known using (sales_order_id) join channel.shop as shop using (shop_id)
where not changed.is_served
"""


def shown(line: Line) -> list[object]:
    """A line as STATE tells it."""
    return [line.sku, line.ordered, line.reserved, line.shipped]
