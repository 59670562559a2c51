create or replace function transit.outgoing_set(p_kind text, p_is_on boolean)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_here record;
begin
    if p_is_on then
        select here.* into v_here from transit.house_here() as here;
        -- A copy or restored database (or a promoted standby) begins with everything off; only what a person turns on here goes out from here.
        if not exists (
            select from transit.house as house
            where (house.database_oid, house.system_identifier, house.timeline_id)
                = (v_here.database_oid, v_here.system_identifier, v_here.timeline_id)
        ) then
            update transit.outgoing as outgoing set is_on = false, changed_at = now() where outgoing.is_on;
            insert into transit.house as house (house, database_oid, system_identifier, timeline_id)
            values (1, v_here.database_oid, v_here.system_identifier, v_here.timeline_id)
            on conflict (house) do update
            set database_oid = excluded.database_oid, system_identifier = excluded.system_identifier, timeline_id = excluded.timeline_id;
        end if;
    end if;
    update transit.outgoing as outgoing
    set is_on = p_is_on, changed_at = now(), changed_by = access.account_id()
    where outgoing.kind = p_kind;
    if not found then
        raise exception '送信の種類 % はありません。 | There is no kind of sending %.', p_kind, p_kind
            using errcode = 'DC404', hint = 'stock、shipment、mail のどれかを選びます。 | Choose stock, shipment or mail.';
    end if;
end;
$$;
comment on function transit.outgoing_set(text, boolean) is '送信を切り替える。 | Switch sending on or off.';
