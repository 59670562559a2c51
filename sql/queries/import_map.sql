select column_map.map_code::text as map_code, column_map.layout
from channel.column_map as column_map
where %(map_code)s::text is null or column_map.map_code = %(map_code)s::text
order by column_map.map_code;
