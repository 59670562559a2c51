insert into channel.channel as known (channel_code, label, capabilities, fields, mail_rules)
select item.channel_code, item.label, item.capabilities, item.fields, item.mail_rules
from jsonb_to_recordset(%(channels)s) as item (channel_code text, label text, capabilities text[], fields jsonb, mail_rules jsonb)
order by item.channel_code
on conflict (channel_code) do update
set label = excluded.label, capabilities = excluded.capabilities, fields = excluded.fields, mail_rules = excluded.mail_rules;
