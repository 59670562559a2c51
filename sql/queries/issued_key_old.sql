-- Keys of issued documents that were wrapped under an older key of the installation.
select key.issued_document_id, key.wrapped_key
from document.issued_key as key
where substr(key.wrapped_key, 1, length(%(current)s::bytea)) <> %(current)s::bytea
order by key.issued_document_id
limit %(limit)s
