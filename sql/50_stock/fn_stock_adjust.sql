create or replace function stock.stock_adjust(
    p_sku_id bigint,
    p_warehouse_id bigint,
    p_quantity integer,
    p_adjustment_reason text,
    p_note text default null
)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_adjustment_id bigint;
    v_sku catalog.sku;
begin
    select * into v_sku from catalog.sku as sku where sku.sku_id = p_sku_id;
    if v_sku.sku_id is null or not p_warehouse_id = any((select access.warehouse_ids())::bigint[]) then
        raise exception 'SKU % または倉庫 % が見つかりません。 | SKU % or warehouse % is not there.',
            p_sku_id, p_warehouse_id, p_sku_id, p_warehouse_id
            using errcode = 'DC404', hint = '担当する倉庫を選びます。 | Choose a warehouse that is yours.';
    end if;
    if v_sku.is_bundle then
        raise exception 'セット % に在庫はありません。 | Bundle % has no stock of its own.', v_sku.sku_code, v_sku.sku_code
            using errcode = 'DC010', hint = '構成品の在庫を調整します。 | Adjust the stock of its parts.';
    end if;
    insert into stock.adjustment (sku_id, warehouse_id, quantity, adjustment_reason, note, account_id)
    values (p_sku_id, p_warehouse_id, p_quantity, p_adjustment_reason, p_note, access.account_id())
    returning adjustment_id into v_adjustment_id;
    insert into stock.stock_entry (sku_id, warehouse_id, reason, on_hand_change, cause, cause_id, account_id)
    values (p_sku_id, p_warehouse_id, 'adjust', p_quantity, 5, v_adjustment_id, access.account_id());
    return v_adjustment_id;
end;
$$;
comment on function stock.stock_adjust(bigint, bigint, integer, text, text) is
    '在庫を調整する。理由を添えて台帳に一行を加える。 | Adjust stock. Adds one ledger row with its reason.';
