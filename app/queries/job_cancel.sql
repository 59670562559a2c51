select transit.work_cancel(:number)
