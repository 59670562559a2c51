-- A login that failed too often, or whose account has ended, may not try.
select coalesce(login.locked_until > now(), false)
    or not exists (
        select from staff.account as account where account.user_id = login.id and account.ended_at is null
    )
from staff.ab_user as login
where login.username = :login or login.email = :login
order by login.username = :login desc
limit 1
