create or replace function document.issued_forget(p_issued_document_ids bigint[])
    returns integer
    language plpgsql
    set search_path = ''
as $$
declare
    v_count integer;
begin
    update document.issued_party as party
    set addressee = null, forgotten_at = now()
    from document.issued_document as issued
    where party.issued_document_id = any(p_issued_document_ids) and party.forgotten_at is null and issued.issued_document_id = party.issued_document_id
        and document.kept_until(issued.issued_on) < base.today();
    get diagnostics v_count = row_count;
    delete from document.issued_key as key
    using document.issued_party as party
    where key.issued_document_id = any(p_issued_document_ids) and party.issued_document_id = key.issued_document_id and party.forgotten_at is not null;
    return v_count;
end;
$$;
comment on function document.issued_forget(bigint[]) is
    '保存期限を過ぎた帳票の宛名と鍵を消す。期限前のものは残る。 | Forget issued documents whose time is over: their addressee and their key. Those that the law still keeps stay.';
