-- The open sessions of a login, the newest first.
select session.web_session_id, session.kind, session.started_at, session.ends_at, session.agent
from staff.ab_web_session as session
where session.user_id = :user_id and session.ended_at is null and session.ends_at > now()
order by session.started_at desc
limit 200
