-- Which issued document would go with a mail of an order; nothing is issued by asking.
select going.issued_document_id, going.document_no, going.copy_no, going.refusal
from document.issued_going(:sales_order_id, :document_kind) as going
