create or replace function mail.inquiry_keys_wrong()
    returns setof bigint
    language sql
    stable
    security definer
    set search_path = ''
as $$
    select message.inquiry_message_id
    from mail.inquiry_message as message
    join mail.inquiry_message_party as party on party.inquiry_message_id = message.inquiry_message_id and party.body is not null
    where message.shop_id = any((select access.shop_ids())::bigint[]) and not exists (
        select from transit.data_key as data_key
        where data_key.data_key_id = party.data_key_id and data_key.shop_id = message.shop_id
            and data_key.external_no = 'inquiry/' || message.inquiry_id
    )
$$;
comment on function mail.inquiry_keys_wrong() is
    '鍵が合わない問い合わせのメール。本文があるのに、その問い合わせの鍵のもとにない。検査が見る。 | Messages under a wrong key. Their text is not under the key of their inquiry; for the check.';
