-- What mails of an order say.
select found.facts from mail.order_facts(array[:sales_order_id]) as found
