create or replace function mail.note_refund()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform mail.due_make(array[new.sales_order_id], 'refunded');
    return null;
end;
$$;
comment on function mail.note_refund() is '返金のメールを予定する。 | Note a refund. Makes its mail due.';
