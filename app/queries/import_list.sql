select import.file_import_id, import.file_name, import.map_code, import.is_history, import.is_dry_run, import.asked_at, import.started_at,
    import.ended_at, import.step, import.done, import.of_all, import.summary, import.error, import.stored_as, shop.shop_id, shop.shop_name
from transit.file_import as import
join channel.shop as shop on shop.shop_id = import.shop_id
where :number = 0 or import.file_import_id = :number
order by import.file_import_id desc
limit 50
