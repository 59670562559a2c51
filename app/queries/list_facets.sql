select * from access.facets(:relation, cast(:tree as jsonb), cast(:columns as text[]), :most)
