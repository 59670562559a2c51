-- What documents of an order say.
select found.page from document.order_pages(array[:sales_order_id]) as found
