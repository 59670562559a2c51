create or replace function staff.api_token_make(p_token_name text, p_token_digest text, p_staff_role text, p_ends_at timestamptz)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_account_id bigint := access.account_id();
    v_api_token_id bigint;
begin
    if v_account_id is null or not coalesce(access.role_within(p_staff_role, access.role_in_force()), false)
        or not coalesce(access.role_within(p_staff_role, access.staff_role()), false) then
        raise exception 'その役割には、あなたにない権限があります。 | That role holds what you do not.'
            using errcode = 'DC403', column = 'staff_role', hint = '自分の役割か、それより小さい役割を選びます。 | Choose your own role or one that holds less.';
    end if;
    if (select count(*) from staff.api_token as token where token.account_id = v_account_id and token.ended_at is null and token.ends_at > now()) >= 50 then
        raise exception 'トークンは 50 個までです。 | There are 50 tokens at most.'
            using errcode = 'DC010', hint = '使わないものを取り消します。 | Withdraw those that are not used.';
    end if;
    insert into staff.api_token (account_id, token_name, token_digest, staff_role, ends_at)
    values (v_account_id, btrim(p_token_name), p_token_digest, p_staff_role, p_ends_at)
    returning api_token_id into v_api_token_id;
    return v_api_token_id;
end;
$$;
comment on function staff.api_token_make(text, text, text, timestamptz) is
    'API トークンを作る。自分の役割か、それより小さい役割で。 | Make an API token. Of one''s own role or of one that holds less.';
