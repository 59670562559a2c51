-- Who is asking: the login, its account and the session must all be alive.
select login.id, account.account_id, account.login_name, account.display_name, account.staff_role,
    account.locale, account.theme, session.web_session_id, session.ends_at,
    coalesce(role.label::text, account.staff_role) as role_label
from staff.ab_web_session as session
join staff.ab_user as login on login.id = session.user_id
join staff.account as account on account.user_id = login.id
left join staff.staff_role as role on role.staff_role = account.staff_role
where session.session_digest = :digest and session.user_id = :user_id and session.kind = :kind
    and session.ended_at is null and session.ends_at > now()
    and login.active and account.ended_at is null
