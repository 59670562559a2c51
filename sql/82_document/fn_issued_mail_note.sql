create or replace function document.issued_mail_note(p_issued_document_id bigint, p_copy_no integer, p_account_id bigint, p_mail_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_no text;
begin
    -- One after the other, so that copies are counted without gaps.
    select issued.document_no into v_no
    from document.issued_document as issued
    where issued.issued_document_id = p_issued_document_id
    for no key update;
    -- The mail tries again: it is the same copy.
    if exists (
        select from document.issued_copy as copy
        where copy.mail_id = p_mail_id and copy.issued_document_id = p_issued_document_id and copy.copy_no = p_copy_no
    ) then
        return;
    end if;
    if p_copy_no <> (select count(*) + 1 from document.issued_copy as copy where copy.issued_document_id = p_issued_document_id)
        or exists (select from document.issued_copy as copy where copy.mail_id = p_mail_id and copy.issued_document_id = p_issued_document_id)
        or exists (select from document.issued_void as void where void.issued_document_id = p_issued_document_id) then
        raise exception '帳票 % は、書いている間に出されたか取り消されました。 | Document % was handed out or voided meanwhile.', v_no, v_no
            using errcode = 'DC012', hint = 'メールは書き直されます。 | The mail is written anew.';
    end if;
    insert into document.issued_copy (issued_document_id, copy_no, copy_act, account_id, mail_id)
    values (p_issued_document_id, p_copy_no, 'mail', p_account_id, p_mail_id);
end;
$$;
comment on function document.issued_mail_note(bigint, integer, bigint, bigint) is
    'メールで出した控えを記す。渡す直前の印と同じ取引で。違う枚数になっていれば断る。 | Note the copy that goes with a mail, in the transaction that marks it as about to be handed over; refused where it has become another one.';
