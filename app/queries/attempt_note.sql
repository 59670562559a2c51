-- Counted in one statement: attempts at the same moment are all counted.
update staff.ab_user as login
set login_count = coalesce(login.login_count, 0) + case when :success then 1 else 0 end,
    last_login = case when :success then localtimestamp else login.last_login end,
    fail_login_count = case when :success then 0 else coalesce(login.fail_login_count, 0) + 1 end,
    locked_until = case
        when :success then null
        when (coalesce(login.fail_login_count, 0) + 1) % :lock_after = 0 then now() + :lock_lasts
        else login.locked_until
    end
where login.id = :user_id
