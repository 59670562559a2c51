create or replace trigger tg_050_bump_version before update on sales.sales_order_party for each row execute function base.bump_version();
create or replace trigger tg_600_note_party after update on sales.sales_order_party
    referencing new table as new_row for each statement execute function sales.note_party();
