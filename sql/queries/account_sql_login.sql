update staff.account set sql_login = %(sql_login)s where login_name = %(login_name)s
