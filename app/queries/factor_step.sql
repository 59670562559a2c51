-- A step is taken once: of two codes at the same moment one is refused.
update staff.second_factor set last_step = :step
where account_id = :account_id and confirmed_at is not null and last_step < :step
returning account_id
