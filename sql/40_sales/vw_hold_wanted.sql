create or replace view sales.hold_wanted with (security_invoker = true) as
select distinct on (sales_order.sales_order_id, rule.hold_reason)
    sales_order.sales_order_id, rule.hold_reason, rule.hold_rule_id, rule.version as rule_version, fact.evidence
from sales.sales_order as sales_order
cross join lateral (
    select count(*) filter (where line.sku_id is null) as unknown_lines,
        count(*) filter (where line.sku_id is not null and line.quantity_reserved < line.quantity_ordered) as short_lines,
        max(sku.on_sale_on) filter (where sku.on_sale_on > (select base.today())) as on_sale_on
    from sales.sales_order_line as line
    left join catalog.sku as sku on sku.sku_id = line.sku_id
    where line.sales_order_id = sales_order.sales_order_id and line.quantity_ordered > 0
) as line
left join sales.orders_beyond_shelf() as beyond on beyond.sales_order_id = sales_order.sales_order_id
join sales.payment_method as payment_method on payment_method.payment_method = sales_order.payment_method
cross join lateral (values
    ('unknown_sku', line.unknown_lines > 0, jsonb_build_object('lines', line.unknown_lines)),
    ('amount_differs', sales_order.total <> sales_order.total_computed,
        jsonb_build_object('total', sales_order.total, 'computed', sales_order.total_computed)),
    ('amount_unfixed', sales_order.total is null, '{}'),
    ('recipient_incomplete', not sales_order.is_recipient_complete, jsonb_build_object('field', 'recipient')),
    ('buyer_note', sales_order.has_buyer_note, jsonb_build_object('field', 'buyer_note')),
    ('amount_over', true, jsonb_build_object('total_base', sales_order.total_base)),
    ('rate_missing', sales_order.total is not null and sales_order.total_base is null,
        jsonb_build_object('currency_code', sales_order.currency_code)),
    ('awaiting_payment', payment_method.waits and sales_order.paid_at is null and (sales_order.total is null or sales_order.total > 0),
        jsonb_build_object('payment_method', sales_order.payment_method)),
    ('awaiting_stock', line.short_lines > 0, jsonb_build_object('lines', line.short_lines)),
    ('awaiting_goods', beyond.lines > 0, jsonb_build_object('lines', beyond.lines)),
    ('awaiting_release', line.on_sale_on is not null, jsonb_build_object('on_sale_on', line.on_sale_on)),
    ('scheduled', sales_order.ship_not_before > (select base.today()), jsonb_build_object('ship_not_before', sales_order.ship_not_before))
) as fact (rule_kind, holds, evidence)
join sales.hold_rule as rule on rule.rule_kind = fact.rule_kind and rule.is_on
    and (rule.shop_id is null or rule.shop_id = sales_order.shop_id)
    and (fact.rule_kind <> 'amount_over' or sales_order.total_base > rule.amount_limit)
where fact.holds and sales_order.cancelled_at is null and sales_order.shipped_at is null and not sales_order.is_history
order by sales_order.sales_order_id, rule.hold_reason, rule.shop_id nulls last, rule.hold_rule_id;
comment on view sales.hold_wanted is
    '今あるべき保留。規則と事実から導く。 @key(sales_order_id,hold_reason) | Wanted holds. What the rules say of the facts as they are now. @key(sales_order_id,hold_reason)';
comment on column sales.hold_wanted.sales_order_id is '受注。 | Order.';
comment on column sales.hold_wanted.hold_reason is '理由。 | Reason.';
comment on column sales.hold_wanted.hold_rule_id is '規則。 | Rule.';
comment on column sales.hold_wanted.rule_version is '規則の版。 | Version of the rule.';
comment on column sales.hold_wanted.evidence is '根拠。 | Evidence.';
