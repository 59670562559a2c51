create or replace function document.statement_last(p_customer_id bigint, p_issuer text, p_currency_code text, p_tax_inclusive boolean)
    returns table (issued_document_id bigint, document_no text, shop_id bigint, closes_on date, due numeric)
    language sql
    stable
    set search_path = ''
as $$
    select issued.issued_document_id, issued.document_no, issued.shop_id, statement.closes_on, statement.due
    from document.issued_document as issued
    join document.issued_statement as statement on statement.issued_document_id = issued.issued_document_id
    where issued.document_kind = 'statement' and issued.customer_id = p_customer_id and issued.issuer = p_issuer
        and issued.currency_code = p_currency_code and issued.tax_inclusive = p_tax_inclusive
        and not exists (select from document.issued_void as void where void.issued_document_id = issued.issued_document_id)
    order by issued.issue_part desc
    limit 1
$$;
comment on function document.statement_last(bigint, text, text, boolean) is
    '最後の締め請求書。取り消していないもの。 | The last statement of a customer with an issuer that was not voided.';
