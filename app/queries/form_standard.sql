-- Back to the standard template.
select document.form_standard_take(:shop_id, :document_kind)
