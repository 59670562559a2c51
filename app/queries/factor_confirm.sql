update staff.second_factor set confirmed_at = now(), last_step = :step
where account_id = :account_id and confirmed_at is null and last_step < :step
returning account_id
