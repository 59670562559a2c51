create or replace function stock.adjustments_import(p_shop_id bigint, p_adjustments jsonb, p_is_history boolean)
    returns table (message_id bigint, external_adjustment_no text, outcome text)
    language plpgsql
    security definer
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_account_id bigint := access.account_id();
    v_row record;
    v_adjustment_id bigint;
begin
    create temporary table adjustment_work on commit drop as
    select row.message_id, row.external_adjustment_no, row.quantity, row.adjustment_reason, row.adjusted_at, row.note, listing.sku_id,
        shop.warehouse_id,
        case
            when listing.sku_id is null then 'unknown_sku'
            when sku.is_bundle then 'bundle'
            when exists (
                select from stock.adjustment as known where known.external_adjustment_no = row.external_adjustment_no
            ) then 'repeated'
        end as outcome
    from jsonb_to_recordset(p_adjustments) as row (message_id bigint, external_adjustment_no text, external_listing_no text, quantity integer,
        adjustment_reason text, adjusted_at timestamptz, note text)
    join channel.shop as shop on shop.shop_id = p_shop_id and shop.shop_id = any((select access.shop_ids())::bigint[])
        and shop.warehouse_id = any((select access.warehouse_ids())::bigint[])
    left join channel.listing as listing on listing.shop_id = p_shop_id and listing.external_listing_no = row.external_listing_no
    left join catalog.sku as sku on sku.sku_id = listing.sku_id;
    if p_is_history then
        insert into stock.adjustment (sku_id, warehouse_id, quantity, adjustment_reason, adjusted_at, account_id, is_history,
            external_adjustment_no, note)
        select work.sku_id, work.warehouse_id, work.quantity, work.adjustment_reason, work.adjusted_at, v_account_id, true,
            work.external_adjustment_no, work.note
        from pg_temp.adjustment_work as work
        where work.outcome is null
        order by work.adjusted_at, work.external_adjustment_no
        on conflict on constraint adjustment_external_uq do nothing;
    else
        -- One after the other: what the stock does not have cannot be written off.
        for v_row in
            select work.* from pg_temp.adjustment_work as work
            where work.outcome is null
            order by work.sku_id, work.warehouse_id, work.adjusted_at, work.external_adjustment_no
        loop
            perform 1 from stock.stock_balance as balance
            where balance.sku_id = v_row.sku_id and balance.warehouse_id = v_row.warehouse_id
            for no key update;
            if v_row.quantity < 0 and not exists (
                select from stock.stock_balance as balance
                where balance.sku_id = v_row.sku_id and balance.warehouse_id = v_row.warehouse_id
                    and balance.on_hand + v_row.quantity >= 0
                    and balance.on_hand + balance.oversell_limit + v_row.quantity >= balance.reserved
            ) then
                update pg_temp.adjustment_work as work set outcome = 'short'
                where work.external_adjustment_no = v_row.external_adjustment_no;
                continue;
            end if;
            insert into stock.adjustment (sku_id, warehouse_id, quantity, adjustment_reason, adjusted_at, account_id, external_adjustment_no, note)
            values (v_row.sku_id, v_row.warehouse_id, v_row.quantity, v_row.adjustment_reason, v_row.adjusted_at, v_account_id,
                v_row.external_adjustment_no, v_row.note)
            returning adjustment_id into v_adjustment_id;
            insert into stock.stock_entry (sku_id, warehouse_id, reason, on_hand_change, cause, cause_id, account_id)
            values (v_row.sku_id, v_row.warehouse_id, 'adjust', v_row.quantity, 5, v_adjustment_id, v_account_id);
        end loop;
    end if;
    return query
    select work.message_id, work.external_adjustment_no, coalesce(work.outcome, 'accepted')
    from pg_temp.adjustment_work as work
    order by work.external_adjustment_no;
    drop table pg_temp.adjustment_work;
end;
$$;
comment on function stock.adjustments_import(bigint, jsonb, boolean) is
    '調整を取り込む。ファイルの調整を、外部番号ごとに一度だけ。過去のものは台帳を動かさない。結果は accepted、repeated、unknown_sku、bundle、short。 | Import adjustments. Those of a file, each external number once; history moves no stock. Answers accepted, repeated, unknown_sku, bundle or short.';
