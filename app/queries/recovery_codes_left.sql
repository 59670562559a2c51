select count(*) from staff.recovery_code as code where code.account_id = :account_id and code.used_at is null
