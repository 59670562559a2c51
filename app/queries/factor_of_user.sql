-- The account of a login, and whether it has a second factor.
select account.account_id, account.login_name, coalesce(factor.confirmed_at is not null, false) as has_factor
from staff.account as account
left join staff.second_factor as factor on factor.account_id = account.account_id
where account.user_id = :user_id and account.ended_at is null
