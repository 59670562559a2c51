update staff.second_factor set secret = %(secret)s where account_id = %(account_id)s
