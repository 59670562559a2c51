create or replace function mail.note_orders()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_ids bigint[];
begin
    if exists (select from mail.mail_rule as rule where rule.is_on and rule.mail_event in ('order_received', 'payment_asked', 'payment_reminder', 'payment_received')) then
        select array_agg(new_row.sales_order_id) into v_ids from new_row where not new_row.is_history and new_row.cancelled_at is null;
        perform mail.due_make(v_ids, 'order_received');
        select array_agg(new_row.sales_order_id)
        into v_ids
        from new_row
        join sales.payment_method as method on method.payment_method = new_row.payment_method and method.waits
        where not new_row.is_history and new_row.cancelled_at is null and new_row.paid_at is null;
        perform mail.due_make(v_ids, 'payment_asked');
        perform mail.due_make(v_ids, 'payment_reminder');
        -- Paid when it came: the order's own mail says so
    end if;
    return null;
end;
$$;
comment on function mail.note_orders() is '新しい受注のメールを予定する。 | Note orders. Makes the mails of new orders due.';
