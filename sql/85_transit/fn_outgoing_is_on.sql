create or replace function transit.outgoing_is_on(p_kind text)
    returns boolean
    language sql
    stable
    set search_path = ''
as $$
    select exists (
        select from transit.outgoing as outgoing
        join transit.house as house on true
        join transit.house_here() as here on here.database_oid = house.database_oid
            and here.system_identifier = house.system_identifier and here.timeline_id = house.timeline_id
        where outgoing.kind = p_kind and outgoing.is_on
    )
$$;
comment on function transit.outgoing_is_on(text) is
    '送信してよいか。スイッチが入り、かつ写しや復元でない。 | May it go out. The switch is on, and this is the very database that was allowed to send, no copy.';
