create or replace function document.issued_going(p_sales_order_id bigint, p_document_kind text, p_mail_id bigint default null)
    returns table (issued_document_id bigint, document_no text, copy_no integer, refusal text)
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_family text := (select kind.family from document.issued_kind as kind where kind.document_kind = p_document_kind);
    v_live document.issued_document;
begin
    if v_family is null or not exists (
        select from sales.sales_order as known where known.sales_order_id = p_sales_order_id and known.shop_id = any((select access.shop_ids())::bigint[])
    ) then
        return;
    end if;
    -- What was issued for this mail, else the newest; what is given back and on no document yet gets one of its own.
    select live.* into v_live
    from document.issued_live(p_sales_order_id, v_family) as live
    order by live.mail_id is not distinct from p_mail_id and p_mail_id is not null desc, live.issued_document_id desc
    limit 1;
    if v_live.issued_document_id is not null and (v_family <> 'return' or v_live.mail_id = p_mail_id or not exists (
        select from document.returned_parts(v_live.original_id) as part having sum(part.amount) > 0
    )) then
        return query
        select v_live.issued_document_id, v_live.document_no, coalesce(
            (select copy.copy_no from document.issued_copy as copy where copy.issued_document_id = v_live.issued_document_id and copy.mail_id = p_mail_id),
            (select count(*) + 1 from document.issued_copy as copy where copy.issued_document_id = v_live.issued_document_id))::integer, null::text;
        return;
    end if;
    begin
        perform document.issue_refuse(p_sales_order_id, p_document_kind);
    exception
        when sqlstate 'DC010' then
            return query select null::bigint, null::text, null::integer, sqlerrm;
            return;
    end;
    return query select null::bigint, null::text, 1, null::text;
end;
$$;
comment on function document.issued_going(bigint, text, bigint) is
    '渡す帳票。あればその番号と何枚目か、なければ発行できるか、できない理由。発行はしない。 | What would be handed out. The document and which copy it is; where there is none, that it can be issued, or why not. Issues nothing.';
