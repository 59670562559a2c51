-- Whether a document is one of those that are numbered and kept.
select kind.document_kind from document.issued_kind as kind where kind.document_kind = %(document_kind)s
