-- Whose trial the web's own login notes.
select set_config('daicho.account_id', :account_id, true)
