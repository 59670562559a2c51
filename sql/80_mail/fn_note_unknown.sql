create or replace function mail.note_unknown(p_mail_id bigint, p_shop_id bigint, p_sales_order_id bigint, p_reason text)
    returns void
    language sql
    set search_path = ''
as $$
    select transit.inbox_note('mail_unknown', p_shop_id, null, p_sales_order_id, null, 'mail ' || p_mail_id, p_reason)
$$;
comment on function mail.note_unknown(bigint, bigint, bigint, text) is '結果不明のメールを要対応に入れる。 | Put an unknown mail into the inbox.';
