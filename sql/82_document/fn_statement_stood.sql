create or replace function document.statement_stood(p_customer_id bigint, p_issuer text, p_currency_code text, p_tax_inclusive boolean)
    returns table (issued_document_id bigint, sales_order_id bigint, is_first boolean, original_id bigint, amount numeric)
    language sql
    stable
    set search_path = ''
as $$
    select stood.issued_document_id, stood.sales_order_id, stood.statement_part is not null, stood.original_id, stood.amount
    from document.issued_document as issued
    join document.issued_statement_order as stood on stood.issued_document_id = issued.issued_document_id
    where issued.document_kind = 'statement' and issued.customer_id = p_customer_id and issued.issuer = p_issuer
        and issued.currency_code = p_currency_code and issued.tax_inclusive = p_tax_inclusive
        and not exists (select from document.issued_void as void where void.issued_document_id = issued.issued_document_id)
$$;
comment on function document.statement_stood(bigint, text, text, boolean) is
    'これまでの締め請求書にのった受注。取り消したものは除く。 | Orders on the statements so far, without those that were voided.';
