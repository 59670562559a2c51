-- Who asks by an API token: with the token's role, as long as the account's role holds all of it.
with used as (
    update staff.api_token as token
    set last_used_at = now()
    where token.token_digest = :digest and token.ended_at is null and token.ends_at > now()
        and (token.last_used_at is null or token.last_used_at < now() - interval '1 minute')
)
select login.id, account.account_id, account.login_name, account.display_name, token.staff_role, account.locale, account.theme,
    role.label::text as role_label, 0::bigint as web_session_id, token.ends_at, own.needs_second_factor as needs_factor,
    coalesce(factor.confirmed_at is not null, false) as has_factor, token.api_token_id
from staff.api_token as token
join staff.account as account on account.account_id = token.account_id
join staff.ab_user as login on login.id = account.user_id
join staff.staff_role as own on own.staff_role = account.staff_role
join staff.staff_role as role on role.staff_role = token.staff_role
left join staff.second_factor as factor on factor.account_id = account.account_id
where token.token_digest = :digest and token.ended_at is null and token.ends_at > now()
    and login.active and account.ended_at is null and role.ended_at is null
    and access.role_within(token.staff_role, account.staff_role)
