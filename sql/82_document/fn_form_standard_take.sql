create or replace function document.form_standard_take(p_shop_id bigint, p_document_kind text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform document.form_owned(p_shop_id, p_document_kind);
    if exists (select from document.forms_in_force(p_document_kind, array[p_shop_id])) then
        insert into document.form_choice (shop_id, document_kind, chosen_by)
        values (p_shop_id, p_document_kind, access.account_id());
    end if;
end;
$$;
comment on function document.form_standard_take(bigint, text) is
    '標準の様式に戻す。店舗の版は残る。 | Back to the standard template. The shop''s versions stay.';
