select database.datname::text as datname
from pg_catalog.pg_database as database
where database.datname = %(database)s::text
    or starts_with(database.datname::text, %(database)s::text || '_before_')
    or database.datname = %(database)s::text || '_restoring'
order by database.datname;
