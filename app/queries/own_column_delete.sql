select staff.own_column_delete(:number)
