-- The first owner: a web login and its staff account; no row when an owner who can sign in is there.
with login as (
    insert into staff.ab_user (first_name, last_name, username, password, email)
    select 'Owner', 'Daicho', %(login)s, %(password)s, %(login)s || '@localhost'
    where not exists (
        select from staff.account as account
        where account.staff_role = 'owner' and account.user_id is not null and account.ended_at is null
    )
    returning id
)
insert into staff.account (
    login_name, display_name, staff_role, locale, sees_all_shops, sees_all_warehouses, user_id
)
select %(login)s, 'オーナー | Owner', 'owner', 'ja', true, true, login.id
from login
returning account_id
