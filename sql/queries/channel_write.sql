insert into channel.channel as known (channel_code, label, capabilities, fields)
select item.channel_code, item.label, item.capabilities, item.fields
from jsonb_to_recordset(%(channels)s) as item (channel_code text, label text, capabilities text[], fields jsonb)
order by item.channel_code
on conflict (channel_code) do update
set label = excluded.label, capabilities = excluded.capabilities, fields = excluded.fields;
