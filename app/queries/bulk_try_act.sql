select tried.row_key, tried.outcome, tried.reason
from staff.rows_act(:relation, cast(:keys as jsonb), :function, cast(:arguments as jsonb)) as tried
where tried.outcome = 'refused'
