with old as (
    delete from staff.recovery_code where account_id = :account_id and code_digest <> all(cast(:digests as text[]))
)
insert into staff.recovery_code (account_id, code_digest) select :account_id, digest from unnest(cast(:digests as text[])) as digest
