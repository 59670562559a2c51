-- Into force.
select document.form_template_take(:form_template_id)
