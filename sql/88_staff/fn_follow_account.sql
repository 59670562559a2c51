create or replace function staff.follow_account()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if new.ended_at is not null and old.ended_at is null then
        update staff.ab_web_session as session set ended_at = now() where session.user_id = new.user_id and session.ended_at is null;
        update staff.api_token as token set ended_at = now() where token.account_id = new.account_id and token.ended_at is null;
        update staff.account_link as link set ended_at = now()
        where link.account_id = new.account_id and link.ended_at is null and link.used_at is null;
        delete from staff.second_factor as factor where factor.account_id = new.account_id;
        delete from staff.recovery_code as code where code.account_id = new.account_id;
        -- Should they come back, a new link sets a new one.
        update staff.ab_user as login set password = '!' where login.id = new.user_id;
        if new.sql_login is not null then
            perform access.login_drop(new.sql_login);
            update staff.account as account set sql_login = null where account.account_id = new.account_id;
        end if;
    elsif new.sql_login is not null and new.staff_role <> old.staff_role then
        perform access.login_follow(new.sql_login, new.staff_role);
    end if;
    return null;
end;
$$;
comment on function staff.follow_account() is
    '担当者の変化に従う。終われば入室・トークン・SQL ログインをすぐ終え、役割が替われば SQL ログインも替える。 | Follow an account. When it ends, so do sessions, tokens and SQL login at once; its SQL login follows its role.';
