-- A web login and its account, together.
with login as (
    insert into staff.ab_user (first_name, last_name, username, password, email)
    values (:display_name, '', :login_name, :password, cast(:login_name as text) || '@localhost')
    returning id
)
insert into staff.account (
    login_name, display_name, staff_role, locale, sees_all_shops, sees_all_warehouses, user_id
)
select :login_name, :display_name, :staff_role, 'ja', :sees_all_shops, :sees_all_warehouses, login.id
from login
