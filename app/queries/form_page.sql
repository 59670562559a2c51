-- What a document of this kind says of an order.
select found.page from document.kind_pages(:document_kind, array[:sales_order_id]) as found
