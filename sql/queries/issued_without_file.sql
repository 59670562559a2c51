-- Documents of which there is no file yet, with what they state and its key.
select content.issued_document_id, content.sealed, key.wrapped_key
from document.issued_content as content
join document.issued_key as key on key.issued_document_id = content.issued_document_id
where content.issued_document_id = any(%(ids)s) and content.content_part = 'facts'
    and not exists (
        select from document.issued_content as file
        where file.issued_document_id = content.issued_document_id and file.content_part = 'file'
    )
order by content.issued_document_id
