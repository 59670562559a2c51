create or replace function document.check_choice()
    returns trigger
    language plpgsql
    set search_path = ''
as $$
begin
    if new.form_template_id is not null and not document.form_is_sound(new.form_template_id) then
        raise exception 'この様式はまだ使えません。試して組めた版ではありません。 | This template cannot be taken into force: it has not been tried, or could not be set.'
            using errcode = 'DC010', hint = '受注で試し、誤りを直して保存します。 | Try it on an order, mend what is wrong and save it.';
    end if;
    return new;
end;
$$;
comment on function document.check_choice() is '組めない様式を使い始めさせない。 | Refuse to take a template into force that cannot be set.';
