create or replace function document.document_void(p_issued_document_id bigint, p_void_reason text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_issued document.issued_document;
begin
    select issued.* into v_issued
    from document.issued_document as issued
    where issued.issued_document_id = p_issued_document_id and issued.shop_id = any((select access.shop_ids())::bigint[]);
    if v_issued.issued_document_id is null then
        raise exception '帳票 % が見つかりません。 | Document % is not there.', p_issued_document_id, p_issued_document_id
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    if v_issued.document_kind = 'statement' then
        perform from customer.credit_term as term where term.customer_id = v_issued.customer_id for no key update;
    else
        perform sales.order_take(v_issued.sales_order_id);
    end if;
    if exists (select from document.issued_void as void where void.issued_document_id = p_issued_document_id) then
        raise exception '帳票 % はすでに取り消されています。 | Document % was voided already.', v_issued.document_no, v_issued.document_no
            using errcode = 'DC012', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    if exists (
        select from document.issued_live(v_issued.sales_order_id, 'return') as later where later.original_id = p_issued_document_id
    ) then
        raise exception '帳票 % には返還請求書があります。 | Document % has a return invoice.', v_issued.document_no, v_issued.document_no
            using errcode = 'DC010', hint = '先に返還請求書を取り消します。 | Void the return invoice first.';
    end if;
    if exists (
        select from document.issued_statement as later
        where later.previous_id = p_issued_document_id
            and not exists (select from document.issued_void as void where void.issued_document_id = later.issued_document_id)
    ) then
        raise exception '帳票 % の後に締め請求書があります。 | A later statement goes on from document %.', v_issued.document_no, v_issued.document_no
            using errcode = 'DC010', hint = '新しいものから順に取り消します。 | Void the latest one first.';
    end if;
    insert into document.issued_void (issued_document_id, void_reason, account_id) values (p_issued_document_id, p_void_reason, access.account_id());
end;
$$;
comment on function document.document_void(bigint, text) is
    '帳票を取り消す。書類と番号は残り、代わりの原本を出せるようになる。 | Void. The document and its number stay, and another original can be issued in its place.';
