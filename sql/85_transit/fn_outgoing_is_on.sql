create or replace function transit.outgoing_is_on(p_kind text)
    returns boolean
    language sql
    stable
    set search_path = ''
as $$
    select exists (
        select from transit.outgoing as outgoing
        join transit.house as house on true
        join pg_catalog.pg_database as database on database.datname = current_database() and database.oid = house.database_oid
        where outgoing.kind = p_kind and outgoing.is_on
            and house.system_identifier = (select control.system_identifier from pg_catalog.pg_control_system() as control)
    )
$$;
comment on function transit.outgoing_is_on(text) is
    '送信してよいか。スイッチが入り、かつ写しや復元でない。 | May it go out. The switch is on, and this is the very database that was allowed to send, no copy.';
