create or replace function staff.api_token_end(p_api_token_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update staff.api_token as token
    set ended_at = coalesce(token.ended_at, now())
    where token.api_token_id = p_api_token_id and token.account_id = access.account_id();
    if not found then
        raise exception 'トークン % がありません。 | There is no token %.', p_api_token_id, p_api_token_id using errcode = 'DC404', hint = '自分の画面を読み直します。 | Reload the page My settings.';
    end if;
end;
$$;
comment on function staff.api_token_end(bigint) is 'API トークンを取り消す。自分のものだけ。 | Withdraw an API token. One''s own.';
