create or replace function mail.body_of(p_mail_id bigint)
    returns table (shop_id bigint, external_no text, wrapped_key bytea, body bytea)
    language sql
    stable
    security definer
    set search_path = ''
as $$
    select data_key.shop_id, data_key.external_no, data_key.wrapped_key, party.body
    from mail.mail as mail
    join mail.mail_party as party on party.mail_id = mail.mail_id and party.body is not null
    join transit.data_key as data_key on data_key.data_key_id = party.data_key_id
    where mail.mail_id = p_mail_id
$$;
comment on function mail.body_of(bigint) is '送ったメールの暗号文と鍵。設置先の鍵で開く。 | The ciphertext of a sent mail and its wrapped key, opened by the installation''s key.';
