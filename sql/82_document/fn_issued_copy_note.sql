create or replace function document.issued_copy_note(p_issued_document_id bigint, p_copy_act text, p_account_id bigint, p_job_request_id bigint)
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_copy_no integer;
begin
    -- One after the other, so that copies are counted without gaps.
    perform from document.issued_document as issued where issued.issued_document_id = p_issued_document_id for no key update;
    select copy.copy_no into v_copy_no
    from document.issued_copy as copy
    where copy.issued_document_id = p_issued_document_id and copy.job_request_id = p_job_request_id;
    if v_copy_no is null then
        insert into document.issued_copy (issued_document_id, copy_no, copy_act, account_id, job_request_id)
        select p_issued_document_id, count(*) + 1, p_copy_act, p_account_id, p_job_request_id
        from document.issued_copy as copy
        where copy.issued_document_id = p_issued_document_id
        returning copy_no into v_copy_no;
    end if;
    return v_copy_no;
end;
$$;
comment on function document.issued_copy_note(bigint, text, bigint, bigint) is
    '控えを記す。何枚目かを返す。1 が原本。同じジョブの二度目は同じ枚数。 | Note a copy. Returns which one it is, 1 being the original; the same job again is the same copy.';
