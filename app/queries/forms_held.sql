-- The templates of shops' own that are in force for a kind.
select held.shop_id, held.form_template_id, held.version_no from document.forms_in_force(:document_kind) as held
