-- The worker itself again, in the same transaction: what it says of the job is no business of the person's.
select set_config('daicho.account_id', %(account_id)s::text, true) as account, set_config('role', 'none', true) as role;
