create or replace function mail.inquiry_body_keep(p_inquiry_message_id bigint, p_data_key_id bigint, p_body bytea, p_raw bytea)
    returns void
    language sql
    security definer
    set search_path = ''
as $$
    update mail.inquiry_message_party as party
    set data_key_id = p_data_key_id, body = p_body, raw = p_raw
    where party.inquiry_message_id = p_inquiry_message_id
$$;
comment on function mail.inquiry_body_keep(bigint, bigint, bytea, bytea) is '本文を暗号文で残す。 | Keep the text of a message, as ciphertext.';
