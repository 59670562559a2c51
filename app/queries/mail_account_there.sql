-- Whether a shop has a mail account.
select exists (select from mail.mail_account as account where account.shop_id = :shop_id)
