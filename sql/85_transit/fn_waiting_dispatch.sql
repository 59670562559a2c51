create or replace function transit.waiting_dispatch(p_limit integer)
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    return sales.waiting_reserve(array(
        select changed.sku_id from transit.sku_changed as changed order by changed.changed_at limit p_limit
    ));
end;
$$;
comment on function transit.waiting_dispatch(integer) is
    '待つ受注に配る。変わった SKU を待つ明細に先に引き当てる。 | Serve who waits. Reserves for lines that wait for a changed SKU, before the shops are told.';
