create or replace trigger tg_100_refuse_change before update or delete or truncate on document.form_template
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on document.form_trial
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on document.form_choice
    for each statement execute function base.refuse_change();
create or replace trigger tg_200_check_choice before insert on document.form_choice
    for each row execute function document.check_choice();
