-- What can be made of orders, in its order; what is issued, numbered and kept, is known by its letter.
select kind.document_kind, kind.label, issued.number_prefix is not null as is_issued
from document.document_kind as kind
left join document.issued_kind as issued on issued.document_kind = kind.document_kind
where kind.made_of = 'sales.sales_order'
order by kind.rank
