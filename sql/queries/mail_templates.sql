select template.mail_template_id, template.subject, template.text_body, template.html_body, template.locale, template.is_advertising,
    template.attached_kind::text as attached_kind, template.version
from mail.mail_template as template
where template.mail_template_id = any(%(ids)s);
