-- The newest versions of a shop's template, what came of their last trial, and which is in force.
select template.form_template_id, template.version_no, template.saved_at, template.saved_by, trial.is_sound, trial.line_no, trial.column_no,
    held.form_template_id is not null as is_in_force
from document.form_template as template
left join document.forms_in_force(:document_kind, array[:shop_id]) as held on held.form_template_id = template.form_template_id
left join lateral (
    select one.is_sound, one.line_no, one.column_no from document.form_trial as one
    where one.form_template_id = template.form_template_id
    order by one.form_trial_id desc
    limit 1
) as trial on true
where template.shop_id = :shop_id and template.document_kind = :document_kind
order by template.version_no desc
limit :most
