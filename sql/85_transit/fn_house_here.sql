create or replace function transit.house_here()
    returns table (database_oid oid, system_identifier bigint, timeline_id integer)
    language sql
    stable
    set search_path = ''
as $$
    select database.oid, control.system_identifier,
        -- Of the write-ahead log itself: the control file names the new one only at the next checkpoint.
        case when not pg_catalog.pg_is_in_recovery() then
            ('x' || left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 8))::bit(32)::integer
        end
    from pg_catalog.pg_database as database
    cross join pg_catalog.pg_control_system() as control
    where database.datname = current_database()
$$;
comment on function transit.house_here() is
    'このデータベースの印。写し、昇格した待機系、過去の時点への復元では変わる。 | Mark of this database. Another one in a copy, a promoted standby or one recovered to a moment; its timeline is empty on a standby.';
