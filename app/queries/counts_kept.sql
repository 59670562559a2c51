select count_code, counted, is_limited, oldest_at, fault, counted_at from staff.kept_count
