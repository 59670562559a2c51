-- One inquiry, for its page.
select inquiry.inquiry_id, inquiry.state::text as state, inquiry.account_id, inquiry.shop_id, inquiry.sales_order_id, inquiry.customer_id,
    inquiry.linked_by::text as linked_by, inquiry.evidence, sales_order.order_no, shop.shop_name, party.from_name, party.from_address, party.subject
from mail.inquiry as inquiry
join channel.shop as shop on shop.shop_id = inquiry.shop_id
left join mail.inquiry_party as party on party.inquiry_id = inquiry.inquiry_id
left join sales.sales_order as sales_order on sales_order.sales_order_id = inquiry.sales_order_id
where inquiry.inquiry_id = :inquiry_id
