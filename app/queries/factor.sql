-- The second factor of an account, confirmed or begun.
select factor.secret, factor.last_step, factor.confirmed_at from staff.second_factor as factor where factor.account_id = :account_id
