select transit.file_import_ask(:shop_id, :map_code, :is_history, :is_dry_run, :file_name, :stored_as) as file_import_id
