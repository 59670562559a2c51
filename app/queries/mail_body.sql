-- A sent mail as it is kept: ciphertext and its wrapped key; none when it was forgotten or not written yet.
select found.shop_id, found.external_no, found.wrapped_key, found.body from mail.body_of(:mail_id) as found
