select layout.columns, null::bigint as saved_search_id, null::text as label, null::jsonb as condition, null::text as sort, true as is_mine
from staff.list_layout as layout
where layout.relation = :relation and layout.account_id = access.account_id()
