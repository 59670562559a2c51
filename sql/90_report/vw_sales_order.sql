create or replace view report.sales_order with (security_invoker = true) as
select sales_order.sales_order_id, sales_order.order_no, sales_order.external_order_no, shop.shop_code::text as shop_code,
    sales_order.status::text as status, sales_order.ordered_at, sales_order.accepted_at, sales_order.paid_at, sales_order.shipped_at,
    sales_order.cancelled_at, sales_order.payment_method::text as payment_method, sales_order.currency_code, sales_order.item_total,
    sales_order.shipping_fee, sales_order.fee_total, sales_order.discount_total, sales_order.points_used, sales_order.tax_total,
    sales_order.total, sales_order.total_base, sales_order.is_history, sales_order.customer_id, sales_order.shop_id, sales_order.warehouse_id
from sales.sales_order as sales_order
join channel.shop as shop on shop.shop_id = sales_order.shop_id;
comment on view report.sales_order is
    '受注。一行に一受注、個人情報なし。 @key(sales_order_id) | Orders. One row each, without personal data. @key(sales_order_id)';
comment on column report.sales_order.sales_order_id is '番号。 | Number. Given by Daicho.';
comment on column report.sales_order.order_no is '伝票番号。社内の番号。 | Slip no. Of this house.';
comment on column report.sales_order.external_order_no is '受注番号。店舗側の番号。 | External order no. As the shop knows it.';
comment on column report.sales_order.shop_code is '店舗コード。 | Shop code. Stable for ever.';
comment on column report.sales_order.status is '状態。事実から導かれ、検査が見比べる。 | Status. Derived from facts; a check compares it.';
comment on column report.sales_order.ordered_at is '受注日時。 | Ordered at.';
comment on column report.sales_order.accepted_at is '取込日時。 | Accepted at. When Daicho took it in.';
comment on column report.sales_order.paid_at is '入金日時。 | Paid at.';
comment on column report.sales_order.shipped_at is '出荷日時。 | Shipped at.';
comment on column report.sales_order.cancelled_at is 'キャンセル日時。 | Cancelled at.';
comment on column report.sales_order.payment_method is '支払方法。 | Payment method.';
comment on column report.sales_order.currency_code is '通貨。 | Currency. Of all amounts here.';
comment on column report.sales_order.item_total is '商品計。明細の和。 | Item total. The sum of its lines.';
comment on column report.sales_order.shipping_fee is '送料。料金の行の和。 | Shipping fee. The sum of its fee rows.';
comment on column report.sales_order.fee_total is '手数料計。送料を除く料金の行の和。 | Fees. The sum of its fee rows, without shipping.';
comment on column report.sales_order.discount_total is '値引計。引く額を正の数で。 | Discounts. As a positive amount taken off.';
comment on column report.sales_order.points_used is 'ポイント利用。引く額を正の数で。 | Points used. As a positive amount taken off.';
comment on column report.sales_order.tax_total is '消費税。 | Tax.';
comment on column report.sales_order.total is '合計。店舗が請求した額。空は未確定。 | Total. What the shop charged; empty while it is not fixed.';
comment on column report.sales_order.total_base is '基準通貨の合計。受付時のレートで固定。 | Total in base money. At the rate on acceptance.';
comment on column report.sales_order.is_history is '過去受注。在庫、送信、メールを動かさない。 | History. Moves no stock, sends nothing.';
comment on column report.sales_order.customer_id is '顧客。 | Customer.';
comment on column report.sales_order.shop_id is '店舗。 | Shop.';
comment on column report.sales_order.warehouse_id is '倉庫。出荷元。 | Warehouse. Where it ships from.';
