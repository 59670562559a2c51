-- Who is asking: the login, its account and the session must all be alive.
select login.id, account.account_id, account.login_name, account.display_name, account.staff_role,
    account.locale, account.theme, session.web_session_id, session.ends_at, role.label::text as role_label,
    role.needs_second_factor as needs_factor, coalesce(factor.confirmed_at is not null, false) as has_factor
from staff.ab_web_session as session
join staff.ab_user as login on login.id = session.user_id
join staff.account as account on account.user_id = login.id
join staff.staff_role as role on role.staff_role = account.staff_role
left join staff.second_factor as factor on factor.account_id = account.account_id
where session.session_digest = :digest and session.user_id = :user_id and session.kind = :kind
    and session.ended_at is null and session.ends_at > now()
    and login.active and account.ended_at is null
