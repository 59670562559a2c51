insert into transit.cursor as known (shop_id, cursor_kind, value)
values (%(shop_id)s, %(kind)s, %(value)s)
on conflict (shop_id, cursor_kind) do update set value = excluded.value, moved_at = clock_timestamp();
