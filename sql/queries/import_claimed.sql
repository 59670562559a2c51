select import.map_code, import.is_history, import.is_dry_run, import.file_name, import.stored_as, shop.shop_code::text as shop_code
from transit.file_import as import
join channel.shop as shop on shop.shop_id = import.shop_id
where import.job_request_id = %(job_request_id)s;
