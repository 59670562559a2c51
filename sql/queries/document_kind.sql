select kind.label::text as label, kind.is_per_order, kind.is_for_buyer, kind.made_of
from document.document_kind as kind
where kind.document_kind = %(document_kind)s;
