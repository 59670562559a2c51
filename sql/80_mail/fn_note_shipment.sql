create or replace function mail.note_shipment()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform mail.due_make(array[new.sales_order_id], 'shipped');
    perform mail.due_make(array[new.sales_order_id], 'delivered');
    return null;
end;
$$;
comment on function mail.note_shipment() is '出荷のメールを予定する。お届け後のメールは規則の待つ時間の後。 | Note a shipment. Makes its mails due; the one after delivery waits as its rule says.';
