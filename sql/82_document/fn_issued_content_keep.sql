create or replace function document.issued_content_keep(
    p_issued_document_id bigint, p_content_part text, p_digest bytea, p_size integer, p_sealed bytea, p_wrapped_key bytea default null
)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if p_wrapped_key is not null then
        insert into document.issued_key (issued_document_id, wrapped_key) values (p_issued_document_id, p_wrapped_key);
    end if;
    -- Two workers make the same bytes: the first ones stay.
    insert into document.issued_content (issued_document_id, content_part, digest, size, sealed)
    values (p_issued_document_id, p_content_part, p_digest, p_size, p_sealed)
    on conflict on constraint issued_content_pk do nothing;
end;
$$;
comment on function document.issued_content_keep(bigint, text, bytea, integer, bytea, bytea) is
    '帳票の内容をとっておく。暗号化した事実か PDF。 | Keep content. The facts of an issued document or its PDF, encrypted.';
