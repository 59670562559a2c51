select column_map.map_code::text as map_code, column_map.map_name::text as map_name
from channel.column_map as column_map
order by column_map.map_code
