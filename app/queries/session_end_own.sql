update staff.ab_web_session set ended_at = now()
where user_id = :user_id and web_session_id = :web_session_id and ended_at is null
