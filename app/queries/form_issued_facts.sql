-- What an issued document of an order would state; none is issued.
select document.issued_trial(:sales_order_id, :document_kind)
