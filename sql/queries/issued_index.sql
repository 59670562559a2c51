-- What an index of issued documents says of each, in the order of these keys.
select issued.document_no, kind.label::text as kind, issued.issuer, issued.issued_on, issued.transaction_on, party.addressee, issued.currency_code,
    trim_scale(issued.total)::text as total, trim_scale(issued.tax_total)::text as tax_total, coalesce(sales_order.order_no, '') as order_no, original.document_no as original_no,
    reason.label::text as void_reason, file.digest
from document.issued_document as issued
join document.document_kind as kind on kind.document_kind = issued.document_kind
join document.issued_party as party on party.issued_document_id = issued.issued_document_id
left join sales.sales_order as sales_order on sales_order.sales_order_id = issued.sales_order_id
join document.issued_content as file on file.issued_document_id = issued.issued_document_id and file.content_part = 'file'
left join document.issued_document as original on original.issued_document_id = issued.original_id
left join document.issued_void as void on void.issued_document_id = issued.issued_document_id
left join document.void_reason as reason on reason.void_reason = void.void_reason
where issued.issued_document_id = any(%(ids)s)
order by array_position(%(ids)s::bigint[], issued.issued_document_id)
