select access.change_size(:change_no)
