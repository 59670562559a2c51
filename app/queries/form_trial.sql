-- What came of a trial: noted as the web's own login, as nobody's role may say it.
select document.form_trial_note(:form_template_id, :is_sound, :line_no, :column_no, :sales_order_id)
