-- A new version.
select document.form_template_save(:shop_id, :document_kind, :body)
