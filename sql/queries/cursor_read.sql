select known.value from transit.cursor as known where known.shop_id = %(shop_id)s and known.cursor_kind = %(kind)s;
