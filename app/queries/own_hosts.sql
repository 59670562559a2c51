select host.table_name from staff.own_hosts() as host (table_name)
