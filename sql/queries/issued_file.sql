-- The file of a document and its key; no row when its time is over.
select content.sealed, content.digest, key.wrapped_key
from document.issued_content as content
join document.issued_key as key on key.issued_document_id = content.issued_document_id
where content.issued_document_id = %(issued_document_id)s and content.content_part = 'file'
