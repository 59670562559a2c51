create or replace function sales.quotation_take(p_quotation_id bigint)
    returns sales.quotation
    language plpgsql
    set search_path = ''
as $$
declare
    v_quotation sales.quotation;
begin
    select known.* into v_quotation
    from sales.quotation as known
    where known.quotation_id = p_quotation_id and known.shop_id = any((select access.shop_ids())::bigint[])
    for no key update;
    if v_quotation.quotation_id is null then
        raise exception '見積 % が見つかりません。 | Quotation % is not there.', p_quotation_id, p_quotation_id
            using errcode = 'DC404', hint = '担当外の店舗のものかもしれません。 | It may belong to a shop that is not yours.';
    end if;
    return v_quotation;
end;
$$;
comment on function sales.quotation_take(bigint) is
    '見積を取る。担当範囲の見積を更新のために押さえる。 | Take a quotation. Locks one within scope; DC404 when there is none.';
