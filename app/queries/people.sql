-- Every account with its web login, the living first.
select account.account_id, account.login_name, account.display_name, account.ended_at, account.user_id,
    coalesce(role.label, account.staff_role) as role_label, login.last_login
from staff.account as account
left join staff.staff_role as role on role.staff_role = account.staff_role
left join staff.ab_user as login on login.id = account.user_id
order by account.ended_at is not null, account.account_id
limit 500
