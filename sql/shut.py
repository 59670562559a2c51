"""What PostgreSQL itself lets everybody do and nobody here needs."""

from __future__ import annotations

from typing import Final

from sql import connect

# Large objects have no row policy, no scope and no clock of retention: a place to hide what was read, and to fill the disk.
# A server where this is not ours to take away says so in its log; all else is loaded.
_LARGE_OBJECTS: Final = """
do $$
declare
    v_function regprocedure;
begin
    for v_function in
        select function.oid::regprocedure
        from pg_catalog.pg_proc as function
        where function.pronamespace = 'pg_catalog'::regnamespace
            and (function.proname like 'lo\\_%' or function.proname in ('loread', 'lowrite'))
            and has_function_privilege('public', function.oid, 'execute')
    loop
        execute format('revoke execute on function %s from public', v_function);
    end loop;
exception
    when insufficient_privilege then
        raise warning 'functions of large objects stay open to everybody: %', sqlerrm;
end;
$$
"""


def shut_large_objects(target: str) -> None:
    """Take the functions of large objects from `public` in the database at an address."""
    with connect(target) as admin:
        admin.execute(_LARGE_OBJECTS)
