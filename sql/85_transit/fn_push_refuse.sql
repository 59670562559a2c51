create or replace function transit.push_refuse(p_kind text, p_subject_id bigint, p_lease bigint, p_reason text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_push transit.push;
begin
    update transit.push as push
    set lease = null, lease_until = null, is_refused = true
    where push.kind = p_kind and push.subject_id = p_subject_id and push.lease = p_lease
    returning push.* into v_push;
    if v_push.subject_id is null then
        return;
    end if;
    perform transit.inbox_note('push_refused', v_push.shop_id, null,
        (select shipment.sales_order_id from shipping.shipment as shipment where shipment.shipment_id = v_push.shipment_id),
        v_push.listing_id, p_kind || ':' || p_subject_id, p_reason);
end;
$$;
comment on function transit.push_refuse(text, bigint, bigint, text) is
    '送信が断られた。人が直すまで送らず、要対応に入れる。 | Push refused. Not sent again until a person acts; it is in the inbox.';
