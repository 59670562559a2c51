create or replace trigger tg_100_refuse_change before update or delete or truncate on staff.audit_log
    for each statement execute function base.refuse_change();
-- Masters and what people decide: every row, from its making.
select staff.audit_attach(audited, true)
from unnest(array[
    'base.currency', 'base.exchange_rate', 'base.setting', 'catalog.product', 'catalog.sku', 'catalog.sku_cost', 'catalog.bundle_component',
    'channel.shop', 'channel.listing', 'channel.column_map', 'sales.hold_rule', 'sales.hold_reason', 'sales.payment_method',
    'stock.warehouse', 'stock.adjustment', 'shipping.carrier', 'shipping.shipment', 'staff.account', 'staff.account_shop',
    'staff.account_warehouse', 'staff.retention_clock', 'transit.outgoing', 'transit.schedule'
]::regclass[]) as audited;
-- What intake writes by the thousand names its message itself; its changes are recorded.
select staff.audit_attach(audited, false)
from unnest(array[
    'sales.sales_order', 'sales.sales_order_party', 'sales.sales_order_line', 'sales.hold', 'customer.customer', 'customer.customer_party',
    'transit.inbox'
]::regclass[]) as audited;
create or replace trigger tg_200_keep_owner after update on staff.account for each row execute function staff.keep_owner();
