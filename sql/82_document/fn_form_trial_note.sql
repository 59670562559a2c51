create or replace function document.form_trial_note(
    p_form_template_id bigint, p_is_sound boolean, p_line_no integer, p_column_no integer, p_sales_order_id bigint
)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if not exists (
        select from document.form_template as template
        where template.form_template_id = p_form_template_id and template.shop_id = any((select access.shop_ids())::bigint[])
    ) then
        raise exception '様式 % が見つかりません。 | Template % is not there.', p_form_template_id, p_form_template_id
            using errcode = 'DC404', hint = '様式の画面で選び直します。 | Choose it again on the page of templates.';
    end if;
    insert into document.form_trial (form_template_id, is_sound, line_no, column_no, sales_order_id)
    values (p_form_template_id, p_is_sound, p_line_no, p_column_no, p_sales_order_id);
end;
$$;
comment on function document.form_trial_note(bigint, boolean, integer, integer, bigint) is
    '試し刷りを記す。組んだ画面や作業係が呼ぶ。 | Note a trial. Called by the web and the workers, which set it.';
