-- Wait until this account's turn is free, as long as a lock may be waited for; held until this transaction ends.
select true from (select pg_advisory_xact_lock(hashtextextended('document.preview ' || access.account_id(), 0))) as turn
