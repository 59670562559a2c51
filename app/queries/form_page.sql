-- What a document of this kind says of its row.
select found.page from document.kind_pages(:document_kind, array[:row_id]) as found
