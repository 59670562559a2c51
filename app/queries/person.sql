-- One account, with all that its page shows.
select account.account_id, account.login_name, account.display_name, account.staff_role, account.locale, account.ended_at, account.user_id,
    account.created_at, account.version, account.sees_all_shops, account.sees_all_warehouses, account.sql_login, role.label as role_label,
    role.needs_second_factor, login.last_login, login.login_count, login.fail_login_count,
    case when login.locked_until > now() then login.locked_until end as locked_until, factor.confirmed_at as factor_since,
    link.kind as link_kind, link.ends_at as link_ends_at, maker.display_name as link_maker,
    array(select scope.shop_id from staff.account_shop as scope where scope.account_id = account.account_id) as shop_ids,
    array(select scope.warehouse_id from staff.account_warehouse as scope where scope.account_id = account.account_id) as warehouse_ids,
    (
        select count(*) from staff.ab_web_session as session
        where session.user_id = account.user_id and session.ended_at is null and session.ends_at > now()
    ) as sessions,
    (
        select count(*) from staff.api_token as token
        where token.account_id = account.account_id and token.ended_at is null and token.ends_at > now()
    ) as tokens,
    exists (select from pg_catalog.pg_roles as known where known.rolname = account.sql_login) as login_is_there
from staff.account as account
join staff.staff_role as role on role.staff_role = account.staff_role
left join staff.ab_user as login on login.id = account.user_id
left join staff.second_factor as factor on factor.account_id = account.account_id
left join lateral (
    select known.kind, known.ends_at, known.made_by
    from staff.account_link as known
    where known.account_id = account.account_id and known.used_at is null and known.ended_at is null and known.ends_at > now()
    order by known.account_link_id desc
    limit 1
) as link on true
left join staff.account as maker on maker.account_id = link.made_by
where account.account_id = :account_id and account.staff_role <> 'system'
