-- What stands in the sidebar: one's own and shared searches, those of lists that the reader may open come first to hand.
select saved_search_id, relation, search_name, is_shared
from staff.saved_search
where is_pinned
order by position, search_name
limit 20
