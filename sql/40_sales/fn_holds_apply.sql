create or replace function sales.holds_apply(p_sales_order_ids bigint[])
    returns void
    language plpgsql
    set search_path = ''
as $$
declare
    v_account_id bigint := access.account_id();
begin
    create temporary table hold_work on commit drop as
    select wanted.sales_order_id, wanted.hold_reason, wanted.hold_rule_id, wanted.rule_version, wanted.evidence
    from sales.hold_wanted as wanted
    where wanted.sales_order_id = any(p_sales_order_ids);
    -- One that a person released stays released while what they saw is the same.
    insert into sales.hold (sales_order_id, hold_reason, hold_rule_id, rule_version, evidence, placed_by, label)
    select work.sales_order_id, work.hold_reason, work.hold_rule_id, work.rule_version, work.evidence, v_account_id,
        sales.hold_label(known.order_no, reason.label)
    from pg_temp.hold_work as work
    join sales.sales_order as known on known.sales_order_id = work.sales_order_id
    join sales.hold_reason as reason on reason.hold_reason = work.hold_reason
    where not exists (
        select from sales.hold as hold
        where hold.sales_order_id = work.sales_order_id and hold.hold_reason = work.hold_reason
            and (hold.released_at is null or hold.released_by is not null and hold.evidence = work.evidence)
    )
    order by work.sales_order_id, work.hold_reason
    on conflict (sales_order_id, hold_reason) where released_at is null do nothing;
    -- An open one says what is so now: whoever releases it has seen that.
    update sales.hold as hold
    set evidence = work.evidence, hold_rule_id = work.hold_rule_id, rule_version = work.rule_version
    from pg_temp.hold_work as work
    where hold.sales_order_id = work.sales_order_id and hold.hold_reason = work.hold_reason and hold.released_at is null
        and hold.evidence <> work.evidence;
    -- With the order ends also what a person held: nothing waits any more.
    update sales.hold as hold
    set released_at = now()
    where hold.sales_order_id = any(p_sales_order_ids) and hold.released_at is null
        and (hold.hold_rule_id is not null or exists (
            select from sales.sales_order as known
            where known.sales_order_id = hold.sales_order_id and (known.cancelled_at is not null or known.shipped_at is not null)
        ))
        and not exists (
            select from pg_temp.hold_work as work
            where work.sales_order_id = hold.sales_order_id and work.hold_reason = hold.hold_reason
        );
    drop table pg_temp.hold_work;
    perform sales.status_keep(p_sales_order_ids);
end;
$$;
comment on function sales.holds_apply(bigint[]) is
    '保留を合わせる。規則が求める保留を置き、条件が消えたものを解く。 | Apply holds. Places what the rules want and releases what has lost its condition.';
