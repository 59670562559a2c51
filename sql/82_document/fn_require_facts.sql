create or replace function document.require_facts()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if not exists (
        select from document.issued_content as content
        where content.issued_document_id = new.issued_document_id and content.content_part = 'facts'
    ) then
        raise exception '帳票は、その内容と一緒でなければ発行できません。 | A document is issued together with what it states, or not at all.'
            using errcode = 'DC010', hint = '受注の「帳票」から作ります。 | Make it by the button "Documents" of the order.';
    end if;
    return null;
end;
$$;
comment on function document.require_facts() is
    '発行した帳票に内容があるか、取引の終わりに確かめる。 | Checks at the end of the transaction that an issued document has its content.';
