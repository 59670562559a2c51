create or replace view report.check_form with (security_invoker = true) as
select newest.shop_id, newest.document_kind, newest.form_template_id
from (
    select distinct on (choice.shop_id, choice.document_kind) choice.shop_id, choice.document_kind, choice.form_template_id, choice.chosen_at
    from document.form_choice as choice
    order by choice.shop_id, choice.document_kind, choice.form_choice_id desc
) as newest
where newest.form_template_id is not null and not exists (
    select from document.form_trial as trial
    where trial.form_template_id = newest.form_template_id and trial.is_sound and trial.tried_at <= newest.chosen_at
);
comment on view report.check_form is
    '様式検査。試さずに使われている様式。空であること。 @key(shop_id,document_kind) | Template check. Templates in force that were never tried; must be empty. @key(shop_id,document_kind)';
comment on column report.check_form.shop_id is '店舗。 | Shop.';
comment on column report.check_form.document_kind is '帳票の種類。 | Document kind.';
comment on column report.check_form.form_template_id is '様式。 | Template.';
