create or replace function staff.account_tokens_end(p_account_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform staff.account_keepable(p_account_id);
    update staff.api_token as token set ended_at = now() where token.account_id = p_account_id and token.ended_at is null;
    update staff.ab_web_session as session
    set ended_at = now()
    from staff.account as account
    where account.account_id = p_account_id and session.user_id = account.user_id and session.ended_at is null;
end;
$$;
comment on function staff.account_tokens_end(bigint) is
    '入室とトークンを終える。なくした端末や漏れた鍵のため。 | End sessions and tokens. Of an account whose device was lost or whose key leaked.';
