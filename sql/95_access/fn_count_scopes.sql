create or replace function access.count_scopes(p_limit integer)
    returns table (scope_key text, account_id bigint, searches jsonb)
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
declare
    c_searches_max constant integer := 100;
begin
    -- One person stands for all of a scope: they are shown the same rows. Those counted longest ago come first.
    return query
    with people as (
        select access.scope_key(account.account_id) as scope_key, account.account_id, account.staff_role
        from staff.account as account
        where account.ended_at is null and account.staff_role <> 'system'
    ), scope as (
        select people.scope_key, min(people.account_id) as account_id
        from people
        group by people.scope_key
    )
    select scope.scope_key, scope.account_id, coalesce((
        select jsonb_agg(jsonb_build_object('code', 'search:' || pinned.saved_search_id, 'relation', pinned.relation, 'condition', pinned.condition))
        from (
            select search.saved_search_id, search.relation, search.condition
            from staff.saved_search as search
            where search.is_pinned and exists (
                select from people
                where people.scope_key = scope.scope_key and (
                    search.account_id = people.account_id
                    or search.is_shared and (search.staff_role is null or search.staff_role = people.staff_role)
                )
            )
            order by search.is_shared desc, search.position, search.saved_search_id
            limit c_searches_max
        ) as pinned
    ), '[]')
    from scope
    left join lateral (
        select min(kept.counted_at) as counted_at from staff.kept_count as kept where kept.scope_key = scope.scope_key
    ) as kept on true
    order by kept.counted_at nulls first, scope.scope_key
    limit p_limit;
end;
$$;
comment on function access.count_scopes(integer) is
    '数えるべき範囲。それぞれ一人を代表にして、メニューに出す抽出条件を添える。 | Scopes to count for. Each with one person who stands for it and the pinned searches of all in it.';
