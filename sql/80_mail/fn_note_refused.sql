create or replace function mail.note_refused(p_mail_id bigint, p_shop_id bigint, p_sales_order_id bigint, p_reason text)
    returns bigint
    language sql
    set search_path = ''
as $$
    select transit.inbox_note('mail_refused', p_shop_id, null, p_sales_order_id, null, 'mail ' || p_mail_id, p_reason)
$$;
comment on function mail.note_refused(bigint, bigint, bigint, text) is
    '送れないメールを要対応に入れ、その番号を返す。 | Put a refused mail into the inbox; returns its number there.';
