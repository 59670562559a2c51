create or replace function sales.known_orders_take()
    returns void
    language plpgsql
    set search_path = ''
as $$
begin
    -- Locks, second: known orders by id.
    perform 1
    from sales.sales_order as known
    join pg_temp.order_work as work on work.shop_id = known.shop_id and work.external_order_no = known.external_order_no
    where work.outcome is null
    order by known.sales_order_id
    for no key update of known;
    if found then
        perform sales.known_payments_sift();
    end if;
    update pg_temp.order_work as work
    set sales_order_id = known.sales_order_id, warehouse_id = known.warehouse_id, first_message_id = known.first_message_id,
        is_history = known.is_history,
        outcome = case
            when work.changed_at < known.changed_at or work.digest = known.draft_digest then 'repeated'
            when known.is_history and not work.is_history then 'repeated'
            when known.is_history then case when work.is_cancelled then 'blocked' else 'changed' end
            -- Money that came after the parcel left or the order ended is no change of the order.
            when (known.shipped_at is not null or known.cancelled_at is not null) and known.paid_at is null and draft.paid_at is not null
                and work.is_cancelled = (known.cancelled_at is not null) and draft.total is not distinct from known.total then 'paid'
            when known.cancelled_at is not null and work.is_cancelled then 'repeated'
            when known.shipped_at is not null or known.cancelled_at is not null then 'blocked'
            when work.is_cancelled then 'cancelled'
            else 'changed'
        end
    from sales.sales_order as known, pg_temp.draft_work as draft
    where work.outcome is null and known.shop_id = work.shop_id and known.external_order_no = work.external_order_no
        and draft.message_id = work.draft_id;
    insert into transit.inbox as inbox (inbox_reason, shop_id, sales_order_id, message_id, subject)
    select 'changed_too_late', work.shop_id, work.sales_order_id, work.draft_id, work.external_order_no
    from pg_temp.order_work as work
    where work.outcome = 'blocked'
    order by work.sales_order_id
    on conflict (inbox_reason, coalesce(shop_id, 0), coalesce(sales_order_id, 0), coalesce(listing_id, 0), coalesce(subject, ''))
        where closed_at is null
    do update set seen = inbox.seen + 1, message_id = excluded.message_id;
    -- What was refused is remembered, so that the same again is a repetition.
    update sales.sales_order as known
    set draft_digest = work.digest, changed_at = work.changed_at
    from pg_temp.order_work as work
    where known.sales_order_id = work.sales_order_id and work.outcome = 'blocked';
    update sales.sales_order as known
    set changed_at = work.changed_at, draft_digest = work.digest, revision = known.revision + 1,
        customer_id = coalesce(known.customer_id, work.customer_id),
        -- What cost nothing, or nobody knew what, was paid by nobody: when it costs something, the shop's word of now counts
        paid_at = case when coalesce(known.total, 0) <= 0 and draft.total > 0 then draft.paid_at else coalesce(known.paid_at, draft.paid_at) end,
        ship_not_before = case when draft.requested_delivery_on is distinct from known.requested_delivery_on
            then draft.requested_delivery_on - base.setting_text('ship_lead_days')::integer else known.ship_not_before end,
        requested_delivery_on = draft.requested_delivery_on, delivery_time_slot = draft.delivery_time_slot, is_gift = draft.is_gift,
        item_total = work.item_total, shipping_fee = work.shipping_fee, fee_total = work.fee_total,
        discount_total = work.discount_total, points_used = work.points_used, tax_total = draft.tax_total, total = draft.total,
        total_computed = work.total_computed, payment_method = draft.payment_method,
        total_base = round(draft.total * base.exchange_rate_at(draft.currency_code, known.ordered_at::date), 4)
    from pg_temp.order_work as work
    join pg_temp.draft_work as draft on draft.message_id = work.draft_id
    where known.sales_order_id = work.sales_order_id and work.outcome = 'changed';
    -- A cancelled order keeps what was ordered and charged.
    update sales.sales_order as known
    set changed_at = work.changed_at, draft_digest = work.digest, revision = known.revision + 1,
        cancelled_at = work.changed_at, cancel_reason = coalesce(draft.cancel_reason, 'shop'), status = 'cancelled',
        paid_at = coalesce(known.paid_at, draft.paid_at)
    from pg_temp.order_work as work
    join pg_temp.draft_work as draft on draft.message_id = work.draft_id
    where known.sales_order_id = work.sales_order_id and work.outcome = 'cancelled';
    update sales.sales_order as known
    set changed_at = work.changed_at, draft_digest = work.digest, revision = known.revision + 1, paid_at = draft.paid_at
    from pg_temp.order_work as work
    join pg_temp.draft_work as draft on draft.message_id = work.draft_id
    where known.sales_order_id = work.sales_order_id and work.outcome = 'paid';
end;
$$;
comment on function sales.known_orders_take() is
    '既知の受注を受ける。古い便、繰返し、変更、取消を見分けて伝票に写す。 | Take known orders. Tells late, repeated, changed and cancelled drafts of the work table apart and writes the slips.';
