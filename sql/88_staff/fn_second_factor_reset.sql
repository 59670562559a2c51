create or replace function staff.second_factor_reset(p_account_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform staff.account_keepable(p_account_id);
    if p_account_id = access.account_id() then
        raise exception '自分の二段階認証はここでは外せません。 | Nobody takes off their own second factor here.'
            using errcode = 'DC010', hint = '「自分の設定」で、パスワードを入れて外します。 | Do it on the page My settings, with your password.';
    end if;
    delete from staff.second_factor as factor where factor.account_id = p_account_id;
    delete from staff.recovery_code as code where code.account_id = p_account_id;
    update staff.ab_web_session as session
    set ended_at = now()
    from staff.account as account
    where account.account_id = p_account_id and session.user_id = account.user_id and session.ended_at is null;
end;
$$;
comment on function staff.second_factor_reset(bigint) is
    '二段階認証を外す。端末をなくした人のため。入室も終える。 | Reset a second factor. For somebody who lost their app; ends their sessions too.';
