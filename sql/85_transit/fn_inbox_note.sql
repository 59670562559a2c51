create or replace function transit.inbox_note(
    p_inbox_reason text, p_shop_id bigint, p_message_id bigint, p_sales_order_id bigint, p_listing_id bigint, p_subject text, p_detail text
)
    returns bigint
    language sql
    security definer
    set search_path = ''
as $$
    insert into transit.inbox as inbox (inbox_reason, shop_id, message_id, sales_order_id, listing_id, subject, detail)
    values (p_inbox_reason, p_shop_id, p_message_id, p_sales_order_id, p_listing_id, p_subject, p_detail)
    on conflict (inbox_reason, coalesce(shop_id, 0), coalesce(sales_order_id, 0), coalesce(listing_id, 0), coalesce(subject, ''))
        where closed_at is null
    do update set seen = inbox.seen + 1, detail = excluded.detail, message_id = coalesce(excluded.message_id, inbox.message_id)
    returning inbox.inbox_id
$$;
comment on function transit.inbox_note(text, bigint, bigint, bigint, bigint, text, text) is
    '要対応に入れる。同じことが開いていれば回数を増やす。 | Note in the inbox. The same, while open, counts up.';
