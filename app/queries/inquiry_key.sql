-- The wrapped key of an inquiry; none when it was forgotten.
select key.data_key_id, key.shop_id, key.external_no, key.wrapped_key from mail.inquiry_key(:inquiry_id) as key
