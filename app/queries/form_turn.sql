-- Whether this account's turn is free: one preview of theirs at a time, until this transaction ends.
select pg_try_advisory_xact_lock(hashtextextended('document.preview ' || access.account_id(), 0))
