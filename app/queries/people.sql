-- Every account with its web login, the living first.
select account.account_id, account.login_name, account.display_name, account.ended_at, account.user_id, account.staff_role,
    account.sees_all_shops, account.sees_all_warehouses, account.sql_login, coalesce(role.label, account.staff_role) as role_label,
    role.needs_second_factor, login.last_login, coalesce(login.locked_until > now(), false) as is_locked,
    coalesce(factor.confirmed_at is not null, false) as has_factor,
    exists (
        select from staff.account_link as link
        where link.account_id = account.account_id and link.kind = 'invite' and link.used_at is null and link.ended_at is null and link.ends_at > now()
    ) as is_invited
from staff.account as account
left join staff.staff_role as role on role.staff_role = account.staff_role
left join staff.ab_user as login on login.id = account.user_id
left join staff.second_factor as factor on factor.account_id = account.account_id
where account.staff_role <> 'system'
order by account.ended_at is not null, account.account_id
limit 1000
