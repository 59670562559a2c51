-- What can be printed, in its order.
select kind.document_kind, kind.label from document.document_kind as kind order by kind.rank
