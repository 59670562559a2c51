create or replace function mail.inquiry_of(p_inquiry_id bigint)
    returns mail.inquiry
    language plpgsql
    set search_path = ''
as $$
declare
    v_inquiry mail.inquiry;
begin
    select inquiry.* into v_inquiry
    from mail.inquiry as inquiry
    where inquiry.inquiry_id = p_inquiry_id and inquiry.shop_id = any((select access.shop_ids())::bigint[])
    for no key update;
    if v_inquiry.inquiry_id is null then
        raise exception '問い合わせ % は見つかりません。 | Inquiry % is not there.', p_inquiry_id, p_inquiry_id
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    return v_inquiry;
end;
$$;
comment on function mail.inquiry_of(bigint) is '問い合わせを取る。担当範囲のものを更新のために押さえる。 | Take an inquiry. Locks one within scope; DC404 when there is none.';
