create or replace function access.find_orders(p_hits jsonb, p_limit integer)
    returns table (kind text, key text, title text, detail text, rank integer)
    language plpgsql
    stable
    set search_path = ''
    set plan_cache_mode = 'force_custom_plan'
as $$
declare
    v_ids bigint[] := array(select (hit ->> 'id')::bigint from jsonb_array_elements(p_hits) as hit where hit ->> 'kind' = 'order');
    v_names jsonb := '{}';
begin
    if has_column_privilege('sales.sales_order_party', 'buyer_name', 'select') then
        v_names := coalesce((
            select jsonb_object_agg(party.sales_order_id, coalesce(party.buyer_name, party.recipient_name, party.buyer_company, ''))
            from sales.sales_order_party as party
            where party.sales_order_id = any(v_ids)
        ), '{}');
    end if;
    return query
    with hit as (
        select found.id, max(found.rank) as rank
        from jsonb_to_recordset(p_hits) as found (kind text, id bigint, rank integer, by_person boolean)
        where found.kind = 'order' and (v_names ? found.id::text or not found.by_person)
        group by found.id
    )
    select 'order', sales_order.sales_order_id::text, sales_order.order_no || ' ' || sales_order.external_order_no,
        concat_ws(' · ', split_part(status.label, ' | ', 1), rest.text) || ' | ' || concat_ws(' · ', split_part(status.label, ' | ', 2), rest.text),
        hit.rank
    from hit
    join sales.sales_order as sales_order on sales_order.sales_order_id = hit.id
    join sales.order_status as status on status.status = sales_order.status
    left join channel.shop as shop on shop.shop_id = sales_order.shop_id
    cross join lateral (
        select translate(concat_ws(' · ', nullif(v_names ->> hit.id::text, ''), shop.shop_name,
            to_char(sales_order.ordered_at at time zone base.setting_text('time_zone'), 'YYYY-MM-DD')), '|', '/') as text
    ) as rest
    where sales_order.sales_order_id = any(v_ids)
    order by hit.rank desc, hit.id desc
    limit p_limit;
end;
$$;
comment on function access.find_orders(jsonb, integer) is
    '見つかった受注を示す。聞く人の権限で読む。 | Orders that were found, read with the rights of who asks.';
