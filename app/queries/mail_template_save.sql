-- Save a template; a new one without a number.
select mail.template_save(cast(:mail_template_id as bigint), cast(:version as integer), :template_code, :template_name, :mail_event,
    cast(:shop_id as bigint), :locale, :is_advertising, :subject, :text_body, :html_body, cast(:attached_kind as text), cast(:variables as text[]))
