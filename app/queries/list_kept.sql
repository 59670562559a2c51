-- The reader's own columns of one list, and the searches over it: their own, and those that are shared with them.
select layout.columns, null::bigint as saved_search_id, null::text as search_name, null::jsonb as condition, null::text[] as sort,
    true as is_mine, 0 as position
from staff.list_layout as layout
where layout.relation = :relation and layout.account_id = access.account_id()
union all
select search.columns, search.saved_search_id, search.search_name, search.condition, search.sort,
    search.account_id = access.account_id(), search.position
from staff.saved_search as search
where search.relation = :relation
order by position, search_name
