-- What an answer can say of its order.
select found.facts from mail.order_facts(array[cast(:sales_order_id as bigint)]) as found
