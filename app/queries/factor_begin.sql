-- A secret that is not in force yet; one that is stays.
insert into staff.second_factor (account_id, secret) values (:account_id, :secret)
on conflict (account_id) do update set secret = excluded.secret, made_at = now(), last_step = 0
where second_factor.confirmed_at is null
