-- The names of accounts, for whoever may read what they did.
select account.account_id, account.display_name from staff.account as account where account.account_id = any(:ids)
