update staff.account set theme = :theme where account_id = :account_id and theme <> :theme
