select staff.own_table_delete(:number)
