update transit.file_import as import
set step = %(step)s, done = %(done)s, of_all = %(of_all)s
where import.file_import_id = %(file_import_id)s;
