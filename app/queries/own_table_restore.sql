select staff.own_table_restore(:number)
