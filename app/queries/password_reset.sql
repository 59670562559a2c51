-- A new password for a living account; a closed login is opened again.
update staff.ab_user as login
set password = :password, fail_login_count = 0, locked_until = null, changed_on = localtimestamp
from staff.account as account
where account.user_id = login.id and account.account_id = :account_id and account.ended_at is null
returning login.id, login.username
