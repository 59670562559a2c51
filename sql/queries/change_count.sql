select count(*)::integer as entries from staff.change_entries(%(change_no)s, null, 100000);
