select account.account_id, account.staff_role::text as staff_role, account.sql_login, account.ended_at
from staff.account as account
where account.login_name = %(login_name)s
