create or replace function sales.holds_refresh(p_limit integer)
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_orders bigint[];
begin
    v_orders := array(
        select distinct hold.sales_order_id
        from sales.hold as hold
        where hold.released_at is null and hold.hold_reason in ('scheduled', 'awaiting_release', 'rate_missing')
    );
    v_orders := array(
        select distinct hold.sales_order_id
        from sales.hold as hold
        left join sales.hold_wanted as wanted on wanted.sales_order_id = hold.sales_order_id and wanted.hold_reason = hold.hold_reason
            and wanted.sales_order_id = any(v_orders)
        where hold.sales_order_id = any(v_orders) and hold.released_at is null
            and hold.hold_reason in ('scheduled', 'awaiting_release', 'rate_missing') and wanted.sales_order_id is null
        order by 1
        limit p_limit
    );
    perform 1 from sales.sales_order as known where known.sales_order_id = any(v_orders) order by known.sales_order_id for no key update;
    perform sales.holds_apply(v_orders);
    return cardinality(v_orders);
end;
$$;
comment on function sales.holds_refresh(integer) is
    '日付による保留を見直す。時が来た受注の数を返す。 | Refresh holds that wait for a day; returns the number of orders whose day has come.';
