create or replace function transit.outgoing_hold()
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update transit.outgoing as outgoing set is_on = false, changed_at = now(), changed_by = access.account_id() where outgoing.is_on;
    delete from transit.house;
end;
$$;
comment on function transit.outgoing_hold() is
    '送信をすべて止める。復元の後に呼ばれる。 | Hold everything back. Called after a restore.';
