-- The templates that an answer of a shop can begin with: the shop's own before those of all shops.
select distinct on (template.template_code, template.locale) template.mail_template_id, template.template_code::text as template_code,
    template.template_name, template.locale, template.subject, template.text_body
from mail.mail_template as template
where template.mail_event = 'reply' and template.ended_at is null and (template.shop_id is null or template.shop_id = :shop_id)
order by template.template_code, template.locale, template.shop_id nulls last
