select access.matching_sql(:relation, cast(:condition as jsonb), cast(:keys as jsonb))
