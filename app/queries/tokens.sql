-- The API tokens of an account: the living first.
select token.api_token_id, token.token_name, token.staff_role, role.label as role_label, token.made_at, token.ends_at, token.last_used_at,
    token.ended_at, token.ended_at is null and token.ends_at > now() as is_alive
from staff.api_token as token
join staff.staff_role as role on role.staff_role = token.staff_role
where token.account_id = :account_id
order by is_alive desc, token.api_token_id desc
limit 100
