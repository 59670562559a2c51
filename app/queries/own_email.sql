-- Where an account gets its mail; empty for one that has no address.
select login.email from staff.account as account join staff.ab_user as login on login.id = account.user_id
where account.account_id = :account_id and login.email not like '%@localhost'
