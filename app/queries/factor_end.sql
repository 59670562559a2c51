with codes as (
    delete from staff.recovery_code where account_id = :account_id
)
delete from staff.second_factor where account_id = :account_id
