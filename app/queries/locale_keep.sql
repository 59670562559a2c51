update staff.account set locale = :locale where account_id = :account_id and locale <> :locale
