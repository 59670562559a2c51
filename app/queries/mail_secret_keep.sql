-- Keep a secret, or remove it.
select mail.secret_keep(:shop_id, :secret_name, :ciphertext)
