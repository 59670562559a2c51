create or replace function staff.account_link_make(p_account_id bigint, p_link_digest text, p_days integer)
    returns text
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_account staff.account;
    v_kind text;
begin
    perform staff.account_keepable(p_account_id);
    select * into v_account from staff.account as account where account.account_id = p_account_id for update;
    if v_account.ended_at is not null or p_account_id = access.account_id() then
        raise exception '退職した人と自分のリンクは作れません。 | There is no link for somebody who has left, nor for oneself.'
            using errcode = 'DC010', hint = '自分のパスワードは「自分の設定」で変えます。 | Change your own password on the page My settings.';
    end if;
    if v_account.user_id is null then
        insert into staff.ab_user (first_name, last_name, username, password, email)
        values (v_account.display_name, '', v_account.login_name, '!', v_account.login_name || '@localhost')
        returning id into v_account.user_id;
        update staff.account as account set user_id = v_account.user_id where account.account_id = p_account_id;
    end if;
    select case when login.last_login is null then 'invite' else 'reset' end into v_kind
    from staff.ab_user as login
    where login.id = v_account.user_id;
    perform staff.account_link_end(p_account_id);
    insert into staff.account_link (account_id, kind, link_digest, made_by, ends_at)
    values (p_account_id, v_kind, p_link_digest, access.account_id(), now() + make_interval(days => p_days));
    return v_kind;
end;
$$;
comment on function staff.account_link_make(bigint, text, integer) is
    'リンクを作る。前のリンクは使えなくなる。 | Make a link. By it the person sets a password, once; earlier ones end. Returns invite or reset.';
