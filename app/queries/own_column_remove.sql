select staff.own_column_remove(:number)
