-- Inquiries of a state, of a person or of nobody: who waited longest first, then the newest.
select inquiry.inquiry_id, inquiry.state::text as state, inquiry.last_at, inquiry.account_id, inquiry.sales_order_id, sales_order.order_no, shop.shop_name,
    party.from_name, party.from_address, party.subject
from mail.inquiry as inquiry
join channel.shop as shop on shop.shop_id = inquiry.shop_id
left join mail.inquiry_party as party on party.inquiry_id = inquiry.inquiry_id
left join sales.sales_order as sales_order on sales_order.sales_order_id = inquiry.sales_order_id
where (cast(:states as text[]) is null or inquiry.state = any(cast(:states as text[])))
    and (cast(:account_id as bigint) is null or inquiry.account_id = :account_id)
    and (not cast(:is_nobodys as boolean) or inquiry.account_id is null)
    and (cast(:sales_order_id as bigint) is null or inquiry.sales_order_id = :sales_order_id)
order by case when inquiry.state = 'open' then inquiry.last_at end, inquiry.last_at desc, inquiry.inquiry_id
limit :most
