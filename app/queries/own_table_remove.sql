select staff.own_table_remove(:number)
