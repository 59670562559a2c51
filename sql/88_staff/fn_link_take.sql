create or replace function staff.link_take(p_link_digest text, p_password text, p_locale text)
    returns table (user_id integer, account_id bigint, login_name text)
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_account staff.account;
begin
    -- Taken in one statement: of two at the same moment one finds it used.
    update staff.account_link as link
    set used_at = now()
    from staff.account as account
    where link.link_digest = p_link_digest and link.used_at is null and link.ended_at is null and link.ends_at > now()
        and account.account_id = link.account_id and account.ended_at is null
    returning account.* into v_account;
    if not found then
        return;
    end if;
    update staff.account as account set locale = p_locale where account.account_id = v_account.account_id;
    update staff.ab_user as login
    set password = p_password, fail_login_count = 0, locked_until = null, changed_on = localtimestamp
    where login.id = v_account.user_id;
    update staff.ab_web_session as session set ended_at = now() where session.user_id = v_account.user_id and session.ended_at is null;
    return query select v_account.user_id, v_account.account_id, v_account.login_name;
end;
$$;
comment on function staff.link_take(text, text, text) is
    'リンクを使う。パスワードと言語を決める。 | Take a link. Sets password and language once; no row when it is used, withdrawn, late or forged.';
