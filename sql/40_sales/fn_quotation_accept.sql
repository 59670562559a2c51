create or replace function sales.quotation_accept(p_quotation_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform sales.quotation_take(p_quotation_id);
    update sales.quotation as known set state = 'accepted' where known.quotation_id = p_quotation_id;
end;
$$;
comment on function sales.quotation_accept(bigint) is '成約にする。お客様が受けた。 | Accept. The customer took it.';
