create or replace view report.sales_order_buyer with (security_invoker = true) as
select sales_order.sales_order_id, sales_order.order_no, party.buyer_name, party.buyer_kana, party.buyer_email, party.buyer_phone,
    party.recipient_name, party.recipient_phone, party.recipient_postal_code, party.recipient_region, party.recipient_address_line1,
    party.recipient_address_line2
from sales.sales_order as sales_order
join sales.sales_order_party as party on party.sales_order_id = sales_order.sales_order_id;
comment on view report.sales_order_buyer is
    '受注の個人情報。見てよい役割だけ。 @key(sales_order_id) | Personal data of orders, for those who may see it. @key(sales_order_id)';
comment on column report.sales_order_buyer.sales_order_id is '番号。 | Number. Given by Daicho.';
comment on column report.sales_order_buyer.order_no is '伝票番号。社内の番号。 | Slip no. Of this house.';
comment on column report.sales_order_buyer.buyer_name is '購入者名。@pii | Buyer. @pii';
comment on column report.sales_order_buyer.buyer_kana is '購入者フリガナ。@pii | Buyer kana. @pii';
comment on column report.sales_order_buyer.buyer_email is '購入者メール。@pii | Buyer mail. @pii';
comment on column report.sales_order_buyer.buyer_phone is '購入者電話。@pii | Buyer phone. @pii';
comment on column report.sales_order_buyer.recipient_name is '届け先名。@pii | Recipient. @pii';
comment on column report.sales_order_buyer.recipient_phone is '届け先電話。@pii | Recipient phone. @pii';
comment on column report.sales_order_buyer.recipient_postal_code is '届け先郵便番号。@pii | Recipient postal code. @pii';
comment on column report.sales_order_buyer.recipient_region is '届け先都道府県。@pii | Recipient region. @pii';
comment on column report.sales_order_buyer.recipient_address_line1 is '届け先住所。@pii | Recipient address. @pii';
comment on column report.sales_order_buyer.recipient_address_line2 is '届け先建物。@pii | Recipient building. @pii';
