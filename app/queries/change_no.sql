select staff.change_no()
