-- These alone make database roles: they belong to a role that may do that and nothing else, and is asked by functions that have checked.
grant create on schema access to daicho_keeper;
do $$
declare
    v_function text;
begin
    foreach v_function in array array[
        'role_make(text)', 'role_drop(text)', 'login_write(text, text, text)', 'login_follow(text, text)', 'login_drop(text)'
    ] loop
        execute format('alter function access.%s owner to daicho_keeper', v_function);
    end loop;
end;
$$;
revoke create on schema access from daicho_keeper;
-- The keeper's stays when the others are taken back: in this order a reloaded database is like a new one.
grant execute on function access.role_name(text) to daicho_keeper, daicho_web, daicho_worker;
grant execute on function access.role_within(text, text), staff.link_take(text, text, text) to daicho_web;

-- People: what one gives is checked against what one holds.
grant execute on function staff.account_invite(text, text, text, boolean, boolean, bigint[], bigint[], text),
    staff.account_change(bigint, integer, text, text, boolean, boolean, bigint[], bigint[]), staff.account_end(bigint),
    staff.account_return(bigint), staff.account_link_make(bigint, text, integer), staff.account_link_end(bigint), staff.account_unlock(bigint),
    staff.account_tokens_end(bigint), staff.second_factor_reset(bigint), staff.sql_login_make(bigint, text), staff.sql_login_end(bigint),
    staff.role_make(text, text, text, text), staff.role_grants_set(text, integer, jsonb), staff.role_name_set(text, integer, text, text),
    staff.role_second_factor_set(text, boolean), staff.role_end(text, integer) to daicho_owner;
grant execute on function staff.api_token_make(text, text, text, timestamptz), staff.api_token_end(bigint) to daicho_staff;
