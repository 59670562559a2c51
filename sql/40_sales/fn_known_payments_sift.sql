create or replace function sales.known_payments_sift()
    returns void
    language plpgsql
    set search_path = ''
as $$
begin
    -- A number that a clerk typed is gone with the person: of the same amount, the shop's is taken for it and counts once.
    update pg_temp.draft_work as draft
    set payments = kept.payments
    from pg_temp.order_work as work
    join sales.sales_order as known on known.shop_id = work.shop_id and known.external_order_no = work.external_order_no
    join sales.sales_order_party as party on party.sales_order_id = known.sales_order_id and party.forgotten_at is not null
    cross join lateral (
        select coalesce(jsonb_agg(said.payment order by said.payment_no) filter (where said.is_known or said.turn > (
            select count(*)
            from sales.payment as typed
            where typed.sales_order_id = known.sales_order_id and typed.external_payment_no = 'forgotten-' || typed.payment_id
                and typed.amount = (said.payment ->> 'amount')::numeric
                and not exists (select from sales.payment as void where void.voids_payment_id = typed.payment_id)
        )), '[]') as payments
        from (
            select each.payment, each.payment_no, recorded.is_known,
                row_number() over (partition by (each.payment ->> 'amount')::numeric, recorded.is_known order by each.payment_no) as turn
            from pg_temp.draft_work as own
            cross join lateral jsonb_array_elements(own.payments) with ordinality as each (payment, payment_no)
            cross join lateral (
                select exists (
                    select from sales.payment as payment
                    where payment.sales_order_id = known.sales_order_id
                        and payment.external_payment_no = each.payment ->> 'external_payment_no'
                ) as is_known
            ) as recorded
            where own.message_id = work.draft_id
        ) as said
    ) as kept
    where draft.message_id = work.draft_id and draft.payments <> '[]' and kept.payments <> draft.payments;
    -- What staff took back stays so while the shop says nothing else.
    update pg_temp.draft_work as draft
    set paid_at = null
    from pg_temp.order_work as work
    join sales.sales_order as known on known.shop_id = work.shop_id and known.external_order_no = work.external_order_no
    where draft.message_id = work.draft_id and draft.paid_at is not null
        and exists (
            select from sales.payment as void
            where void.sales_order_id = known.sales_order_id and void.voids_payment_id is not null
        )
        and not exists (
            select
            from (
                select payment.external_payment_no from jsonb_to_recordset(draft.payments) as payment (external_payment_no text)
                union all
                select 'mall' where draft.payments = '[]'
            ) as said
            left join sales.payment as payment
                on payment.sales_order_id = known.sales_order_id and payment.external_payment_no = said.external_payment_no
            group by said.external_payment_no
            having bool_and(payment.payment_id is null) or sum(payment.amount) > 0
        );
end;
$$;
comment on function sales.known_payments_sift() is
    '既知の受注の入金を選ぶ。手で取り消した入金と、消去した番号の入金を、店舗の同じ知らせで数え直さない。 | Sift payments of known orders. What staff took back, or whose typed number was forgotten, is not counted again when the shop says the same.';
