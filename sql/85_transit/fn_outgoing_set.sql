create or replace function transit.outgoing_set(p_kind text, p_is_on boolean)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_is_ours boolean;
begin
    if p_is_on then
        v_is_ours := exists (
            select from transit.house as house
            join pg_catalog.pg_database as database on database.datname = current_database() and database.oid = house.database_oid
            where house.system_identifier = (select control.system_identifier from pg_catalog.pg_control_system() as control)
        );
        -- A copy or restored database begins with everything off; only what a person turns on here goes out from here.
        if not v_is_ours then
            update transit.outgoing as outgoing set is_on = false, changed_at = now() where outgoing.is_on;
            insert into transit.house as house (house, database_oid, system_identifier)
            select 1, database.oid, (select control.system_identifier from pg_catalog.pg_control_system() as control)
            from pg_catalog.pg_database as database
            where database.datname = current_database()
            on conflict (house) do update
            set database_oid = excluded.database_oid, system_identifier = excluded.system_identifier;
        end if;
    end if;
    update transit.outgoing as outgoing
    set is_on = p_is_on, changed_at = now(), changed_by = access.account_id()
    where outgoing.kind = p_kind;
    if not found then
        raise exception '送信の種類 % はありません。 | There is no kind of sending %.', p_kind, p_kind
            using errcode = 'DC404', hint = 'stock か shipment を選びます。 | Choose stock or shipment.';
    end if;
end;
$$;
comment on function transit.outgoing_set(text, boolean) is '送信を切り替える。 | Switch sending on or off.';
