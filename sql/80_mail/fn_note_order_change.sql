create or replace function mail.note_order_change()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if old.cancelled_at is null and new.cancelled_at is not null then
        perform mail.due_make(array[new.sales_order_id], 'cancelled');
    end if;
    if old.paid_at is null and new.paid_at is not null and exists (
        select from sales.payment_method as method where method.payment_method = new.payment_method and method.waits
    ) then
        perform mail.due_make(array[new.sales_order_id], 'payment_received');
    end if;
    return null;
end;
$$;
comment on function mail.note_order_change() is '入金とキャンセルのメールを予定する。 | Note a change of an order. Makes the mails of payment and cancel due.';
