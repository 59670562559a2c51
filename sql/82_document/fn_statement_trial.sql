create or replace function document.statement_trial(p_shop_id bigint, p_document_no text)
    returns table (document_no text, facts jsonb)
    language sql
    stable
    security definer
    set search_path = ''
as $$
    -- It names the orders of other shops too: for who sees them all.
    select issued.document_no, document.statement_facts(issued.issued_document_id) || jsonb_build_object(
        -- No document has this number.
        'document_no', kind.number_prefix || '-0000000'
    )
    from document.issued_document as issued
    join document.issued_kind as kind on kind.document_kind = issued.document_kind
    join document.issued_party as party on party.issued_document_id = issued.issued_document_id
    where (select access.sees_all()) and issued.document_kind = 'statement' and issued.shop_id = p_shop_id
        and issued.shop_id = any((select access.shop_ids())::bigint[])
        and (p_document_no = '' or issued.document_no = p_document_no)
    order by issued.issued_document_id desc
    limit 1
$$;
comment on function document.statement_trial(bigint, text) is
    '様式を試すための、発行済みの締め請求書の事実。番号がなければいちばん新しいもの。 | What an issued statement of a shop states, to try a template on. The newest where no number is given; it uses no number.';
