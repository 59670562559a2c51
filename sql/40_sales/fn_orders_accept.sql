create or replace function sales.orders_accept(p_drafts jsonb)
    returns table (message_id bigint, sales_order_id bigint, outcome text)
    language plpgsql
    security definer
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_account_id bigint := access.account_id();
    v_lead_days integer := base.setting_text('ship_lead_days')::integer;
    v_has_known boolean;
begin
    create temporary table draft_work on commit drop as
    select draft.*
    from jsonb_to_recordset(p_drafts) as draft (
        message_id bigint, shop_id bigint, external_order_no text, changed_at timestamptz, ordered_at timestamptz, paid_at timestamptz,
        shipped_at timestamptz, is_cancelled boolean, cancel_reason text, currency_code text, payment_method text, tax_total numeric,
        total numeric, tax_inclusive boolean, requested_delivery_on date, delivery_time_slot text, is_gift boolean, digest uuid, is_history boolean,
        identities jsonb, buyer jsonb, recipient jsonb, buyer_note text, lines jsonb, fees jsonb, payments jsonb
    )
    where draft.shop_id = any((select access.shop_ids())::bigint[]);

    -- One draft per order: the newest; its place in the queue is that of the first.
    create temporary table order_work on commit drop as
    select distinct on (draft.shop_id, draft.external_order_no) draft.message_id as draft_id, draft.shop_id, draft.external_order_no,
        draft.changed_at, draft.digest, draft.is_cancelled, draft.is_history, shop.warehouse_id,
        min(draft.message_id) over (partition by draft.shop_id, draft.external_order_no) as first_message_id,
        line.item_total, fee.shipping_fee, fee.fee_total, fee.discount_total, fee.points_used,
        line.item_total + fee.shipping_fee + fee.fee_total - fee.discount_total - fee.points_used
            + case when draft.tax_inclusive then 0 else coalesce(draft.tax_total, 0) end as total_computed,
        null::bigint as customer_id, null::bigint as sales_order_id, null::text as outcome
    from pg_temp.draft_work as draft
    join channel.shop as shop on shop.shop_id = draft.shop_id
    cross join lateral (
        select coalesce(sum(line.quantity * line.unit_price), 0) as item_total
        from jsonb_to_recordset(draft.lines) as line (quantity integer, unit_price numeric)
    ) as line
    cross join lateral (
        select coalesce(sum(fee.amount) filter (where fee.fee_kind = 'shipping_fee'), 0) as shipping_fee,
            coalesce(sum(fee.amount) filter (where fee.fee_kind not in ('shipping_fee', 'discount', 'coupon', 'points')), 0) as fee_total,
            -coalesce(sum(fee.amount) filter (where fee.fee_kind in ('discount', 'coupon')), 0) as discount_total,
            -coalesce(sum(fee.amount) filter (where fee.fee_kind = 'points'), 0) as points_used
        from jsonb_to_recordset(draft.fees) as fee (fee_kind text, amount numeric)
    ) as fee
    order by draft.shop_id, draft.external_order_no, draft.changed_at desc, draft.message_id desc;
    create index on pg_temp.order_work (draft_id);
    analyze pg_temp.order_work, pg_temp.draft_work;
    v_has_known := exists (
        select from pg_temp.order_work as work
        join sales.sales_order as known on known.shop_id = work.shop_id and known.external_order_no = work.external_order_no
    );

    -- Who was forgotten stays so, whatever the shop sends of them again.
    if v_has_known then
        update pg_temp.draft_work as draft
        set identities = '[]'
        from sales.sales_order as known
        join sales.sales_order_party as party on party.sales_order_id = known.sales_order_id and party.forgotten_at is not null
        where known.shop_id = draft.shop_id and known.external_order_no = draft.external_order_no;
    end if;
    perform customer.customers_resolve();

    -- Locks, first: new orders, sorted by their outer key. Another page with the same order is waited for here.
    with rate as materialized (
        select day.currency_code, day.rate_on, base.exchange_rate_at(day.currency_code, day.rate_on) as rate
        from (
            select distinct draft.currency_code, coalesce(draft.ordered_at, draft.changed_at)::date as rate_on from pg_temp.draft_work as draft
        ) as day
    ), new_order as (
        insert into sales.sales_order (shop_id, warehouse_id, customer_id, first_message_id, changed_at, ordered_at, paid_at, shipped_at,
            cancelled_at, cancel_reason, ship_not_before, requested_delivery_on, is_history, is_gift, tax_inclusive, has_buyer_note,
            is_recipient_complete, draft_digest, item_total, shipping_fee, fee_total, discount_total, points_used, tax_total, total,
            total_computed, total_base, status, payment_method, currency_code, external_order_no, delivery_time_slot)
        select work.shop_id, work.warehouse_id, work.customer_id, work.first_message_id, work.changed_at,
            coalesce(draft.ordered_at, draft.changed_at), draft.paid_at,
            case when work.is_history and not work.is_cancelled then coalesce(draft.shipped_at, draft.ordered_at, draft.changed_at) end,
            case when work.is_cancelled then draft.changed_at end, case when work.is_cancelled then coalesce(draft.cancel_reason, 'shop') end,
            draft.requested_delivery_on - v_lead_days, draft.requested_delivery_on, work.is_history, draft.is_gift, draft.tax_inclusive,
            coalesce(btrim(draft.buyer_note), '') <> '', sales.recipient_is_complete(draft.recipient), work.digest,
            work.item_total, work.shipping_fee, work.fee_total, work.discount_total, work.points_used, draft.tax_total, draft.total, work.total_computed,
            round(draft.total * rate.rate, 4),
            case when work.is_cancelled then 'cancelled' when work.is_history then 'shipped' else 'ready_to_ship' end,
            draft.payment_method, draft.currency_code, work.external_order_no, draft.delivery_time_slot
        from pg_temp.order_work as work
        join pg_temp.draft_work as draft on draft.message_id = work.draft_id
        left join rate on rate.currency_code = draft.currency_code and rate.rate_on = coalesce(draft.ordered_at, draft.changed_at)::date
        where not v_has_known or not exists (
            select from sales.sales_order as known
            where known.shop_id = work.shop_id and known.external_order_no = work.external_order_no
        )
        order by work.shop_id, work.external_order_no
        on conflict on constraint sales_order_external_uq do nothing
        returning sales_order.sales_order_id, sales_order.shop_id, sales_order.external_order_no
    )
    update pg_temp.order_work as work
    set sales_order_id = new_order.sales_order_id, outcome = 'accepted'
    from new_order
    where new_order.shop_id = work.shop_id and new_order.external_order_no = work.external_order_no;

    if exists (select from pg_temp.order_work as work where work.outcome is null) then
        perform sales.known_orders_take();
    end if;

    perform sales.lines_take();
    perform stock.reservations_make();
    perform sales.lines_write();

    insert into sales.sales_order_party as party (sales_order_id, buyer_name, buyer_kana, buyer_email, buyer_phone, buyer_postal_code,
        buyer_country_code, buyer_region, buyer_address_line1, buyer_address_line2, buyer_company, recipient_name, recipient_kana,
        recipient_phone, recipient_postal_code, recipient_country_code, recipient_region, recipient_address_line1,
        recipient_address_line2, recipient_company, buyer_note, draft_party_digest)
    select work.sales_order_id, buyer.name, buyer.kana, buyer.email, buyer.phone, buyer.postal_code, buyer.country_code, buyer.region,
        buyer.address_line1, buyer.address_line2, buyer.company, recipient.name, recipient.kana, recipient.phone, recipient.postal_code,
        recipient.country_code, recipient.region, recipient.address_line1, recipient.address_line2, recipient.company, draft.buyer_note,
        md5(draft.buyer::text || draft.recipient::text || coalesce(draft.buyer_note, ''))::uuid
    from pg_temp.order_work as work
    join pg_temp.draft_work as draft on draft.message_id = work.draft_id
    cross join lateral jsonb_to_record(draft.buyer) as buyer (name text, kana text, email text, phone text, postal_code text,
        country_code text, region text, address_line1 text, address_line2 text, company text)
    cross join lateral jsonb_to_record(draft.recipient) as recipient (name text, kana text, phone text, postal_code text,
        country_code text, region text, address_line1 text, address_line2 text, company text)
    where work.outcome in ('accepted', 'changed') and not (work.outcome = 'accepted' and work.is_cancelled and draft.buyer = '{}')
    order by work.sales_order_id
    on conflict (sales_order_id) do update
    set buyer_name = excluded.buyer_name, buyer_kana = excluded.buyer_kana, buyer_email = excluded.buyer_email,
        buyer_phone = excluded.buyer_phone, buyer_postal_code = excluded.buyer_postal_code,
        buyer_country_code = excluded.buyer_country_code, buyer_region = excluded.buyer_region,
        buyer_address_line1 = excluded.buyer_address_line1, buyer_address_line2 = excluded.buyer_address_line2,
        buyer_company = excluded.buyer_company, recipient_name = excluded.recipient_name, recipient_kana = excluded.recipient_kana,
        recipient_phone = excluded.recipient_phone, recipient_postal_code = excluded.recipient_postal_code,
        recipient_country_code = excluded.recipient_country_code, recipient_region = excluded.recipient_region,
        recipient_address_line1 = excluded.recipient_address_line1, recipient_address_line2 = excluded.recipient_address_line2,
        recipient_company = excluded.recipient_company, buyer_note = excluded.buyer_note,
        draft_party_digest = excluded.draft_party_digest
    -- What staff corrected stays until the shop itself says something else.
    where party.forgotten_at is null and party.draft_party_digest is distinct from excluded.draft_party_digest;

    delete from sales.sales_order_fee as fee
    using pg_temp.order_work as work
    join pg_temp.draft_work as draft on draft.message_id = work.draft_id
    where fee.sales_order_id = work.sales_order_id and work.outcome = 'changed' and fee.fee_no > jsonb_array_length(draft.fees);
    insert into sales.sales_order_fee as fee (sales_order_id, fee_no, fee_kind, amount, tax_rate, fee_name, is_shop_funded)
    select work.sales_order_id, said.fee_no, said.fee_kind, said.amount, said.tax_rate, said.fee_name, coalesce(said.is_shop_funded, true)
    from pg_temp.order_work as work
    join pg_temp.draft_work as draft on draft.message_id = work.draft_id
    cross join lateral rows from (
        jsonb_to_recordset(draft.fees) as (fee_kind text, amount numeric, tax_rate numeric, fee_name text, is_shop_funded boolean)
    ) with ordinality as said (fee_kind, amount, tax_rate, fee_name, is_shop_funded, fee_no)
    where work.outcome in ('accepted', 'changed')
    order by work.sales_order_id, said.fee_no
    on conflict (sales_order_id, fee_no) do update
    set fee_kind = excluded.fee_kind, amount = excluded.amount, tax_rate = excluded.tax_rate, fee_name = excluded.fee_name,
        is_shop_funded = excluded.is_shop_funded
    where (fee.fee_kind, fee.amount, fee.tax_rate, fee.fee_name, fee.is_shop_funded)
        is distinct from (excluded.fee_kind, excluded.amount, excluded.tax_rate, excluded.fee_name, excluded.is_shop_funded);
    insert into sales.payment (sales_order_id, paid_at, amount, payment_method, external_payment_no, account_id)
    select work.sales_order_id, payment.paid_at, payment.amount, payment.payment_method, payment.external_payment_no, v_account_id
    from pg_temp.order_work as work
    join pg_temp.draft_work as draft on draft.message_id = work.draft_id
    cross join lateral (
        select payment.paid_at, payment.amount, payment.payment_method, payment.external_payment_no
        from jsonb_to_recordset(draft.payments) as payment (
            paid_at timestamptz, amount numeric, payment_method text, external_payment_no text)
        union all
        -- A mall that says "paid" and no more has been paid all that was open.
        select draft.paid_at, draft.total - earlier.amount, draft.payment_method, 'mall'
        from (
            select coalesce(sum(payment.amount), 0) as amount
            from sales.payment as payment
            where work.outcome <> 'accepted' and payment.sales_order_id = work.sales_order_id
        ) as earlier
        where draft.paid_at is not null and draft.payments = '[]' and draft.total > earlier.amount
    ) as payment
    where work.outcome in ('accepted', 'changed', 'cancelled', 'paid')
    order by work.sales_order_id, payment.external_payment_no
    on conflict on constraint payment_external_uq do nothing;
    -- The shop asks for less now than has been paid already.
    update sales.sales_order as known
    set paid_at = work.changed_at
    from pg_temp.order_work as work
    where known.sales_order_id = work.sales_order_id and work.outcome = 'changed' and known.paid_at is null and known.total > 0
        and known.total <= (
            select sum(payment.amount) from sales.payment as payment where payment.sales_order_id = known.sales_order_id
        );

    perform sales.holds_apply(array(
        select work.sales_order_id from pg_temp.order_work as work
        where work.outcome in ('accepted', 'changed', 'cancelled') and not work.is_history
        order by 1
    ));

    create temporary table outcome_work on commit drop as
    select draft.message_id, work.sales_order_id,
        case when draft.message_id <> work.draft_id then 'repeated' when work.outcome = 'paid' then 'changed' else work.outcome end as outcome
    from pg_temp.draft_work as draft
    join pg_temp.order_work as work on work.shop_id = draft.shop_id and work.external_order_no = draft.external_order_no;
    update transit.message as message
    set outcome = work.outcome, accepted_at = clock_timestamp(), sales_order_id = work.sales_order_id
    from pg_temp.outcome_work as work
    where message.message_id = work.message_id;
    if v_has_known then
        update transit.message as message
        set body = null
        from pg_temp.outcome_work as work
        join sales.sales_order_party as party on party.sales_order_id = work.sales_order_id and party.forgotten_at is not null
        where message.message_id = work.message_id;
    end if;
    return query select work.message_id, work.sales_order_id, work.outcome from pg_temp.outcome_work as work order by 1;
    drop table pg_temp.draft_work, pg_temp.order_work, pg_temp.line_work, pg_temp.outcome_work;
end;
$$;
comment on function sales.orders_accept(jsonb) is
    '受注を受け付ける。下書き一頁を一度に、受注ごとに一度だけ取り込む。 | Accept orders. Takes over a page of drafts in one go, each order once; answers one outcome per message: accepted, changed, cancelled, repeated or blocked.';
