select tried.row_key, tried.outcome, tried.reason
from staff.rows_change(:relation, cast(:keys as jsonb), cast(:values as jsonb)) as tried
where tried.outcome = 'refused'
