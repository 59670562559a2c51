create or replace trigger tg_100_refuse_change before update or delete or truncate on staff.audit_log
    for each statement execute function base.refuse_change();
-- Masters and what people decide: every row, from its making.
select staff.audit_attach(audited, true)
from unnest(array[
    'base.currency', 'base.exchange_rate', 'base.setting', 'catalog.product', 'catalog.sku', 'catalog.sku_cost', 'catalog.sku_customs', 'catalog.bundle_component',
    'channel.shop', 'channel.listing', 'channel.column_map', 'sales.quotation', 'sales.quotation_party', 'sales.quotation_line', 'sales.hold_rule', 'sales.hold_reason', 'sales.payment_method',
    'stock.warehouse', 'stock.adjustment', 'shipping.carrier', 'shipping.shipment', 'document.sender', 'customer.credit_term', 'mail.mail_account', 'mail.mailbox', 'mail.link_template', 'mail.mail_template', 'mail.mail_rule', 'mail.mailing', 'mail.consent', 'mail.dead_address', 'staff.account', 'staff.account_shop',
    'staff.account_warehouse', 'staff.staff_role', 'staff.role_grant', 'staff.retention_clock', 'staff.own_table', 'staff.own_column',
    'transit.outgoing', 'transit.schedule'
]::regclass[]) as audited;
-- What intake writes by the thousand names its message itself; its changes are recorded.
select staff.audit_attach(audited, false)
from unnest(array[
    'sales.sales_order', 'sales.sales_order_party', 'sales.sales_order_line', 'sales.sales_order_fee', 'sales.line_cancellation',
    'sales.payment', 'sales.hold', 'customer.customer', 'customer.customer_party',
    'transit.inbox', 'mail.inquiry'
]::regclass[]) as audited;
-- Every table of the shop's own: whoever may edit it can look at what was changed, and take it back.
select staff.audit_attach(class.oid, true)
from pg_catalog.pg_class as class
where class.relnamespace = 'own'::regnamespace and class.relkind in ('r', 'p') and not class.relispartition
    and pg_has_role(class.relowner, 'usage');
create or replace trigger tg_200_keep_owner after update on staff.account for each row execute function staff.keep_owner();
create or replace trigger tg_110_keep_rank before insert or update on staff.account
    for each row execute function staff.keep_rank();
create or replace trigger tg_210_follow_account after update of staff_role, ended_at on staff.account
    for each row execute function staff.follow_account();
create or replace trigger tg_110_keep_scope before insert or update or delete on staff.account_shop
    for each row execute function staff.keep_scope();
create or replace trigger tg_110_keep_scope before insert or update or delete on staff.account_warehouse
    for each row execute function staff.keep_scope();
