-- The documents that a job has issued, as their orders came in.
select issued.issued_document_id, issued.document_no, issued.document_kind::text as document_kind, issued.locale
from document.issued_document as issued
where issued.job_request_id = %(job_request_id)s
order by issued.issued_document_id
