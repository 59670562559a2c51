create or replace function sales.quotation_decline(p_quotation_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform sales.quotation_take(p_quotation_id);
    update sales.quotation as known set state = 'declined' where known.quotation_id = p_quotation_id;
end;
$$;
comment on function sales.quotation_decline(bigint) is '見送りにする。お客様が断ったか、立ち消えになった。 | Decline. The customer refused, or it came to nothing.';
