-- A new session; ended ones of the same login older than a month are swept.
with swept as (
    delete from staff.ab_web_session as session
    where session.user_id = :user_id and session.ends_at < now() - interval '30 days'
)
insert into staff.ab_web_session (session_digest, user_id, kind, ends_at, agent)
values (:digest, :user_id, :kind, :ends_at, :agent)
