create or replace function sales.order_explain(p_sales_order_id bigint)
    returns table (step integer, reason text, label text, evidence jsonb, release text, since timestamptz, rule_code text, rule_version integer, hold_id bigint)
    language plpgsql
    stable
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_notes jsonb := '{}';
begin
    -- What a person wrote may name the buyer: only for those who may read it.
    if has_column_privilege('sales.hold', 'note', 'select') then
        select coalesce(jsonb_object_agg(hold.hold_id, hold.note), '{}')
        into v_notes
        from sales.hold as hold
        where hold.sales_order_id = p_sales_order_id and hold.released_at is null and hold.note is not null;
    end if;
    return query
    select row_number() over (order by reason.rank)::integer, hold.hold_reason::text, reason.label::text,
        hold.evidence || jsonb_strip_nulls(jsonb_build_object('note', v_notes -> hold.hold_id::text)), reason.release::text,
        hold.placed_at, rule.rule_code::text, hold.rule_version, case when reason.needs_person then hold.hold_id end
    from sales.hold as hold
    join sales.hold_reason as reason on reason.hold_reason = hold.hold_reason
    left join sales.hold_rule as rule on rule.hold_rule_id = hold.hold_rule_id
    where hold.sales_order_id = p_sales_order_id and hold.released_at is null and not exists (
        select from sales.sales_order as known
        where known.sales_order_id = p_sales_order_id and (known.shipped_at is not null or known.cancelled_at is not null)
    )
    union all
    select 0, known.status::text, status.label::text, jsonb_strip_nulls(jsonb_build_object(
            'cancel_reason', known.cancel_reason, 'shipped_at', known.shipped_at, 'cancelled_at', known.cancelled_at)),
        case known.status
            when 'ready_to_ship' then '待つものはありません。出荷できます。 | Nothing to wait for; it can be shipped.'
            when 'shipped' then '出荷は終わっています。 | It has been shipped.'
            when 'cancelled' then 'キャンセルされています。 | It has been cancelled.'
            else '下の理由がすべて解けると出荷できます。 | It can be shipped once each reason below is gone.'
        end,
        coalesce(known.shipped_at, known.cancelled_at, known.accepted_at), null, null, null
    from sales.sales_order as known
    join sales.order_status as status on status.status = known.status
    where known.sales_order_id = p_sales_order_id
    order by 1;
end;
$$;
comment on function sales.order_explain(bigint) is
    '受注の説明。なぜそこにあり、何があれば出せるか。 | Explain an order. Why it is where it is, and what would release it.';
