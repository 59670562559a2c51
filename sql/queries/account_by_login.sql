select account.account_id from staff.account as account where account.login_name = %(login_name)s
