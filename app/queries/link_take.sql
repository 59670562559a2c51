select user_id, account_id, login_name from staff.link_take(:digest, :password, :locale)
