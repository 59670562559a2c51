create or replace trigger tg_050_bump_version before update on sales.sales_order_party for each row execute function base.bump_version();
create or replace trigger tg_600_note_party after update on sales.sales_order_party
    referencing new table as new_row for each statement execute function sales.note_party();
create or replace trigger tg_050_bump_version before update on sales.quotation for each row execute function base.bump_version();
create or replace trigger tg_050_bump_version before update on sales.quotation_party for each row execute function base.bump_version();
create or replace trigger tg_100_keep before update on sales.quotation for each row execute function sales.quotation_keep_self();
create or replace trigger tg_100_keep before insert or update or delete on sales.quotation_party
    for each row execute function sales.quotation_keep();
create or replace trigger tg_100_keep before insert or update or delete on sales.quotation_line
    for each row execute function sales.quotation_keep();
create or replace trigger tg_200_begin before insert or update of customer_id on sales.quotation
    for each row execute function sales.quotation_begin();
create or replace trigger tg_200_begin before insert or update on sales.quotation_line
    for each row execute function sales.quotation_line_begin();
create or replace trigger tg_500_addressed after insert on sales.quotation for each row execute function sales.quotation_addressed();
