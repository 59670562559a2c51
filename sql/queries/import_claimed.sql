update transit.file_import as import
set started_at = coalesce(import.started_at, now())
from channel.shop as shop
where import.file_import_id = %(file_import_id)s and import.ended_at is null and shop.shop_id = import.shop_id
returning import.map_code, import.is_history, import.is_dry_run, import.file_name, import.stored_as, shop.shop_code::text as shop_code;
