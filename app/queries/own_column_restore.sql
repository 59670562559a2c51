select staff.own_column_restore(:number)
