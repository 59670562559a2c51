select staff.own_loss(:table_number, :column_number)
