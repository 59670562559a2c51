update transit.file_import as import
set ended_at = now(), summary = %(summary)s::jsonb, error = %(error)s::text, step = null
where import.file_import_id = %(file_import_id)s;
