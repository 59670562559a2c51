-- What chosen orders can be sent: templates in use that no event sends, one line a code.
select distinct on (template.template_code) template.template_code::text as template_code, template.template_name, template.is_advertising
from mail.mail_template as template
where template.mail_event = 'chosen' and template.ended_at is null
order by template.template_code, template.shop_id is not null, template.locale <> :locale, template.mail_template_id
