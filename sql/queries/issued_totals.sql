-- What documents come to in base money.
select issued.document_no, (issued.total * issued.exchange_rate)::text as total_base
from document.issued_document as issued
where issued.issued_document_id = any(%(ids)s)
order by issued.issued_document_id
