create or replace function stock.stock_receive(p_cause_code text, p_entries jsonb)
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_count integer;
begin
    if exists (
        select from jsonb_to_recordset(p_entries) as entry (sku_id bigint)
        join catalog.sku as sku on sku.sku_id = entry.sku_id and sku.is_bundle
    ) then
        raise exception 'セットに在庫はありません。 | A bundle has no stock of its own.'
            using errcode = 'DC010', hint = '構成品を入庫します。 | Receive its parts.';
    end if;
    insert into stock.stock_entry (sku_id, warehouse_id, reason, on_hand_change, cause, cause_id, account_id)
    select entry.sku_id, entry.warehouse_id, 'receive', entry.quantity, cause.cause, entry.cause_id, access.account_id()
    from jsonb_to_recordset(p_entries) as entry (sku_id bigint, warehouse_id bigint, quantity integer, cause_id bigint)
    join stock.cause as cause on cause.cause_code = p_cause_code
    where entry.warehouse_id = any((select access.warehouse_ids())::bigint[])
    order by entry.sku_id, entry.warehouse_id
    on conflict on constraint stock_entry_cause_uq do nothing;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;
comment on function stock.stock_receive(text, jsonb) is
    '入庫する。[{sku_id, warehouse_id, quantity, cause_id}] を台帳へ。同じ起因は一度だけ。行数を返す。 | Receive stock. [{sku_id, warehouse_id, quantity, cause_id}] into the ledger, each cause once; returns the rows written.';
