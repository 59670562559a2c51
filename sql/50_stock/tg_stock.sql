create or replace trigger tg_500_keep_balance after insert on stock.stock_entry
    referencing new table as new_entry for each statement execute function stock.keep_balance();
create or replace trigger tg_100_refuse_change before update or delete or truncate on stock.stock_entry
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on stock.adjustment
    for each statement execute function base.refuse_change();
-- All but the number and the reason, which may name the payer: customer.forget takes them away.
create or replace trigger tg_100_refuse_change
    before update of payment_id, sales_order_id, paid_at, amount, payment_method, account_id, voids_payment_id, payment_part
        or delete or truncate on sales.payment
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on sales.line_cancellation
    for each statement execute function base.refuse_change();
create or replace trigger tg_500_keep_oversell_limit after update on catalog.sku
    for each row when (old.oversell_limit <> new.oversell_limit or old.is_bundle <> new.is_bundle)
    execute function stock.keep_oversell_limit();
create or replace trigger tg_050_bump_version before update on stock.warehouse for each row execute function base.bump_version();
create or replace trigger tg_700_note_change after update on stock.stock_balance
    referencing old table as old_balance new table as new_balance
    for each statement execute function transit.note_change();
