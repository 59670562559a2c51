-- One version of a shop's template.
select template.form_template_id, template.version_no, template.body from document.form_template as template
where template.shop_id = :shop_id and template.document_kind = :document_kind and template.version_no = :version_no
