create or replace view report.sales_order_buyer with (security_invoker = true) as
select sales_order.sales_order_id, sales_order.order_no, party.buyer_name, party.buyer_kana, party.buyer_email, party.buyer_phone,
    party.recipient_name, party.recipient_phone, party.recipient_postal_code, party.recipient_region, party.recipient_address_line1,
    party.recipient_address_line2
from sales.sales_order as sales_order
join sales.sales_order_party as party on party.sales_order_id = sales_order.sales_order_id;
comment on view report.sales_order_buyer is
    '受注の個人情報。見てよい役割だけ。 @key(sales_order_id) | Personal data of orders, for those who may see it. @key(sales_order_id)';
