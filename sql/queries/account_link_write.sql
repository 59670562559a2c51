-- A link made on the server itself, for an owner who lost password and device: earlier links and the second factor end.
with account as (
    select known.account_id, login.last_login
    from staff.account as known
    join staff.ab_user as login on login.id = known.user_id
    where known.login_name = %(login_name)s and known.ended_at is null
), links as (
    update staff.account_link as link set ended_at = now()
    from account
    where link.account_id = account.account_id and link.used_at is null and link.ended_at is null
), factors as (
    delete from staff.second_factor as factor using account where factor.account_id = account.account_id
), codes as (
    delete from staff.recovery_code as code using account where code.account_id = account.account_id
)
insert into staff.account_link (account_id, kind, link_digest, ends_at)
select account.account_id, case when account.last_login is null then 'invite' else 'reset' end, %(digest)s, now() + interval '1 day'
from account
returning account_link_id
