-- The worker becomes a person until this transaction ends; no row when there is no such person any more, or when a token's role is not
-- within theirs by now.
select coalesce(%(asked_as)s::text, account.staff_role) as staff_role, account.locale,
    set_config('daicho.account_id', account.account_id::text, true) as account,
    set_config('statement_timeout', %(statement_ms)s::text, true) as statement_ms, set_config('lock_timeout', %(lock_ms)s::text, true) as lock_ms,
    set_config('role', access.role_name(coalesce(%(asked_as)s::text, account.staff_role)), true) as role
from staff.account as account
where account.account_id = %(account_id)s and account.ended_at is null and account.staff_role <> 'system'
    and (%(asked_as)s::text is null or access.role_within(%(asked_as)s::text, account.staff_role));
