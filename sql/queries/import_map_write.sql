-- A map that the shop has changed is its own from then on.
insert into channel.column_map as known (map_code, map_name, layout)
select item.map_code, item.map_name, item.layout
from jsonb_to_recordset(%(maps)s) as item (map_code text, map_name text, layout jsonb)
order by item.map_code
on conflict (map_code) do update
set map_name = excluded.map_name, layout = excluded.layout
where known.layout ->> 'revision' is distinct from excluded.layout ->> 'revision'
    and (excluded.layout ->> 'revision')::integer > coalesce((known.layout ->> 'revision')::integer, 0)
    and known.version = 1;
