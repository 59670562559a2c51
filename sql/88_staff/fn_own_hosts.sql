create or replace function staff.own_hosts()
    returns setof text
    language sql
    stable
    set search_path = ''
as $$
    -- Masters and business records. Ledgers, the audit log, secrets and what transit keeps for itself have no place for more.
    select host.table_name
    from unnest(array[
        'catalog.product', 'catalog.sku', 'catalog.sku_cost', 'catalog.sku_customs', 'catalog.bundle_component', 'channel.shop', 'channel.listing',
        'customer.customer', 'customer.customer_party', 'sales.sales_order', 'sales.sales_order_party', 'sales.sales_order_line',
        'sales.hold_rule', 'sales.payment_method', 'sales.cancel_reason', 'stock.warehouse', 'shipping.carrier'
    ]) as host (table_name)
    union all
    select format('own.%I', class.relname)
    from pg_catalog.pg_class as class
    where class.relnamespace = 'own'::regnamespace and class.relkind = 'r' and class.relname not like 'removed\_%'
$$;
comment on function staff.own_hosts() is
    '列を加えられる表。マスターと業務の記録、独自の表。 | Tables for own columns. Masters, business records and own tables; never ledgers or secrets.';
