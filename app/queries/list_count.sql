select access.rows_count(:relation, cast(:tree as jsonb), :most)
