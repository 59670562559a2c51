-- Ask for the connection to be tried.
select mail.account_try(:shop_id)
