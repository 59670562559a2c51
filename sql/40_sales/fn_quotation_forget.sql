create or replace function sales.quotation_forget(p_quotation_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform sales.quotation_take(p_quotation_id);
    perform sales.quotations_forget(array[p_quotation_id]);
end;
$$;
comment on function sales.quotation_forget(bigint) is
    '宛先を消す。見積の個人情報を消し、金額と明細は残す。 | Forget. Deletes the addressee and the note of a quotation; amounts and lines stay.';
