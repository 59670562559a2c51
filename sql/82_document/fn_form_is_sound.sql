create or replace function document.form_is_sound(p_form_template_id bigint)
    returns boolean
    language sql
    stable
    set search_path = ''
as $$
    select coalesce((
        select trial.is_sound from document.form_trial as trial
        where trial.form_template_id = p_form_template_id
        order by trial.form_trial_id desc
        limit 1
    ), false)
$$;
comment on function document.form_is_sound(bigint) is '組めた様式か。最後の試し刷りで決まる。 | Whether a template is sound. Its last trial says so.';
