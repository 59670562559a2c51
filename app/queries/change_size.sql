select count(*) from staff.change_entries(:change_no, null, :most)
