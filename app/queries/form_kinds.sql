-- The documents that may have a template of a shop's own, in their order.
select kind.document_kind, kind.label, kind.is_for_buyer, kind.made_of
from document.document_kind as kind where kind.is_per_order or kind.made_of = 'customer.customer' order by kind.rank
