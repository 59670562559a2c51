create or replace function mail.inquiry_key(p_inquiry_id bigint)
    returns table (data_key_id bigint, shop_id bigint, external_no text, wrapped_key bytea)
    language sql
    stable
    security definer
    set search_path = ''
as $$
    select data_key.data_key_id, data_key.shop_id, data_key.external_no, data_key.wrapped_key
    from mail.inquiry as inquiry
    join transit.data_key as data_key on data_key.shop_id = inquiry.shop_id and data_key.external_no = 'inquiry/' || inquiry.inquiry_id
    where inquiry.inquiry_id = p_inquiry_id
$$;
comment on function mail.inquiry_key(bigint) is '問い合わせの鍵。設置先の鍵で開く。 | The wrapped key of an inquiry, opened by the installation''s key.';
