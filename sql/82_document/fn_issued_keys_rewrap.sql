create or replace function document.issued_keys_rewrap(p_issued_document_ids bigint[], p_wrapped_keys bytea[])
    returns void
    language sql
    security definer
    set search_path = ''
as $$
    update document.issued_key as key
    set wrapped_key = fresh.wrapped_key
    from unnest(p_issued_document_ids, p_wrapped_keys) as fresh (issued_document_id, wrapped_key)
    where key.issued_document_id = fresh.issued_document_id
$$;
comment on function document.issued_keys_rewrap(bigint[], bytea[]) is
    '帳票の鍵を包み直す。設置先の新しい鍵で。 | Rewrap keys of documents. Under the current key of the installation.';
