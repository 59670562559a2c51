-- One template that is in use.
select template.mail_template_id, template.template_code::text as template_code, template.template_name, template.mail_event::text as mail_event,
    event.label as event_label, template.shop_id, shop.shop_name, template.locale, template.is_advertising, template.subject, template.text_body,
    coalesce(template.html_body, '') as html_body, template.attached_kind::text as attached_kind, template.version,
    exists (
        select from mail.standard_template as standard
        where standard.template_code = template.template_code and standard.locale = template.locale
    ) as has_standard
from mail.mail_template as template
join mail.mail_event as event on event.mail_event = template.mail_event
left join channel.shop as shop on shop.shop_id = template.shop_id
where template.mail_template_id = :mail_template_id and template.ended_at is null
