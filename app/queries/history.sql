-- What the audit log holds about one row, newest first.
select * from access.row_history(:table_name, cast(:row_key as jsonb), :most)
