create or replace function sales.hold_place(p_sales_order_id bigint, p_note text)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_order sales.sales_order := sales.order_take(p_sales_order_id);
    v_hold_id bigint;
begin
    if v_order.shipped_at is not null or v_order.cancelled_at is not null then
        raise exception '受注 % はすでに出荷済みかキャンセル済みです。 | Order % is shipped or cancelled already.', v_order.order_no, v_order.order_no
            using errcode = 'DC010', hint = '保留できるのは出荷前の受注です。 | Only what has not left can be held.';
    end if;
    insert into sales.hold (sales_order_id, hold_reason, note, placed_by, label)
    select p_sales_order_id, reason.hold_reason, nullif(btrim(p_note), ''), access.account_id(),
        sales.hold_label(v_order.order_no, reason.label)
    from sales.hold_reason as reason
    where reason.hold_reason = 'manual'
    on conflict (sales_order_id, hold_reason) where released_at is null do update set note = excluded.note
    returning hold_id into v_hold_id;
    perform sales.status_keep(array[p_sales_order_id]);
    return v_hold_id;
end;
$$;
comment on function sales.hold_place(bigint, text) is '保留する。人が理由を書いて出荷を止める。 | Hold. A person stops the shipment and says why.';
