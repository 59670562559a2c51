insert into staff.saved_search (relation, search_name, condition, columns, sort, is_pinned, is_shared)
values (:relation, :search_name, cast(:condition as jsonb), :columns, :sort, :is_pinned, :is_shared)
returning saved_search_id
