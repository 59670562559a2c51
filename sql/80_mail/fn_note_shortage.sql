create or replace function mail.note_shortage()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform mail.due_make(array[new.sales_order_id], case when new.released_at is null then 'delayed' else 'back_in_stock' end);
    return null;
end;
$$;
comment on function mail.note_shortage() is
    '在庫待ちのメールを予定する。始まれば遅れ、終われば入荷。 | Note a shortage. Delayed when it begins, back in stock when it ends.';
