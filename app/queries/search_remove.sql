delete from staff.saved_search where saved_search_id = :number returning relation
