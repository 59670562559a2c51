create or replace function staff.own_begin()
    returns void
    language plpgsql
    set search_path = ''
as $$
begin
    -- A login whose account has ended keeps its open connection for a moment; the tables' owner and administrators have none.
    if access.account_id() is null and not pg_has_role(session_user, 'daicho_schema', 'member') then
        raise exception '担当者ではありません。 | You are no account here.'
            using errcode = 'DC403', hint = '店主に頼みます。 | Ask the owner.';
    end if;
    -- One change of the schema at a time: two would wait for each other's tables.
    perform pg_advisory_xact_lock(hashtext('staff.own'));
end;
$$;
comment on function staff.own_begin() is '独自の変更を始める。誰かを確かめ、一人ずつにする。 | Begin an own change. Asks who it is, and lets one in at a time.';
