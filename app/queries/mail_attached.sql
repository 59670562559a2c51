-- A document as mails name it, and whether it is one of those that are issued.
select kind.label, issued.document_kind is not null as is_issued
from document.document_kind as kind
left join document.issued_kind as issued on issued.document_kind = kind.document_kind
where kind.document_kind = :document_kind
