-- Some issued documents, in the order of these keys.
select issued.issued_document_id, issued.document_no, issued.document_kind::text as document_kind, issued.locale
from document.issued_document as issued
where issued.issued_document_id = any(%(ids)s)
order by array_position(%(ids)s::bigint[], issued.issued_document_id)
