create or replace function sales.note_party()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_orders bigint[];
begin
    with judged as (
        select new_row.sales_order_id, coalesce(btrim(new_row.buyer_note), '') <> '' as has_buyer_note,
            sales.recipient_is_complete(jsonb_build_object(
                'name', new_row.recipient_name, 'phone', new_row.recipient_phone, 'postal_code', new_row.recipient_postal_code,
                'country_code', new_row.recipient_country_code, 'region', new_row.recipient_region,
                'address_line1', new_row.recipient_address_line1
            )) as is_recipient_complete
        from new_row
        join sales.sales_order as open_order on open_order.sales_order_id = new_row.sales_order_id
        -- Of who was forgotten only an order that is still to leave is judged again: it has no recipient any more
        where new_row.forgotten_at is null
            or open_order.shipped_at is null and open_order.cancelled_at is null and not open_order.is_history
    ), changed as (
        update sales.sales_order as known
        set has_buyer_note = judged.has_buyer_note, is_recipient_complete = judged.is_recipient_complete
        from judged
        where known.sales_order_id = judged.sales_order_id
            and (known.has_buyer_note, known.is_recipient_complete) is distinct from (judged.has_buyer_note, judged.is_recipient_complete)
        returning known.sales_order_id
    )
    select array_agg(changed.sales_order_id) into v_orders from changed;
    if v_orders is not null then
        perform sales.holds_apply(v_orders);
    end if;
    return null;
end;
$$;
comment on function sales.note_party() is
    '届け先の変化を記す。直された届け先や備考で保留を見直す。 | Note a party. A corrected recipient or note is judged anew.';
