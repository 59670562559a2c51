create or replace function document.issue_next(p_issuer text, p_document_kind text)
    returns bigint
    language sql
    set search_path = ''
as $$
    -- The row stays locked until the end of the transaction: who is rolled back leaves no gap.
    insert into document.issue_counter as counter (issuer, document_kind, last_number)
    values (p_issuer, p_document_kind, 1)
    on conflict on constraint issue_counter_pk do update
    set last_number = counter.last_number + 1
    returning last_number
$$;
comment on function document.issue_next(text, text) is
    '次の番号。欠番を作らない。 | The next number of an issuer and kind, without gaps.';
