select obj_description(con.oid, 'pg_constraint') as words
from pg_catalog.pg_constraint as con
where con.conname = %(name)s and con.conrelid = to_regclass(%(table)s)
limit 1;
