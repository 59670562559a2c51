select transit.work_retry(:number)
