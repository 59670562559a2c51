select import.file_import_id, import.file_name, import.map_code, import.is_history, import.is_dry_run, request.job_request_id,
    request.requested_at as asked_at, request.done_at as ended_at, request.cancelled_at, request.step, request.done, request.of_all,
    request.answer as summary, request.error, import.stored_as, shop.shop_id, shop.shop_name
from transit.file_import as import
join channel.shop as shop on shop.shop_id = import.shop_id
join transit.job_request as request on request.job_request_id = import.job_request_id
where :number = 0 or import.file_import_id = :number
order by import.file_import_id desc
limit 50
