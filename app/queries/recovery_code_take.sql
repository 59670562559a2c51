update staff.recovery_code set used_at = now()
where account_id = :account_id and code_digest = :digest and used_at is null
returning account_id
