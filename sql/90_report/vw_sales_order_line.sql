create or replace view report.sales_order_line with (security_invoker = true) as
select line.sales_order_line_id, line.sales_order_id, line.line_no, sku.sku_code, line.external_listing_no, line.line_name,
    line.quantity_ordered, line.quantity_reserved, line.quantity_shipped,
    coalesce(cancellation.quantity, 0) as quantity_cancelled, line.unit_price, line.quantity_ordered * line.unit_price as amount,
    line.tax_rate
from sales.sales_order_line as line
left join catalog.sku as sku on sku.sku_id = line.sku_id
left join (
    select cancellation.sales_order_line_id, sum(cancellation.quantity) as quantity
    from sales.line_cancellation as cancellation
    group by cancellation.sales_order_line_id
) as cancellation on cancellation.sales_order_line_id = line.sales_order_line_id;
comment on view report.sales_order_line is
    '受注明細。 @key(sales_order_line_id) | Order lines. @key(sales_order_line_id)';
comment on column report.sales_order_line.sales_order_line_id is '番号。 | Number. Given by Daicho.';
comment on column report.sales_order_line.sales_order_id is '受注。 | Order.';
comment on column report.sales_order_line.line_no is '行番号。 | Line no.';
comment on column report.sales_order_line.sku_code is 'SKU コード。大文字と小文字は別物。 | SKU code. Capitals and small letters differ.';
comment on column report.sales_order_line.external_listing_no is '店舗側の商品番号。 | External listing no.';
comment on column report.sales_order_line.line_name is '品名。店舗が伝えた名前。 | Name. As the shop said.';
comment on column report.sales_order_line.quantity_ordered is '受注数。 | Quantity ordered.';
comment on column report.sales_order_line.quantity_reserved is '引当数。 | Quantity reserved.';
comment on column report.sales_order_line.quantity_shipped is '出荷数。 | Quantity shipped.';
comment on column report.sales_order_line.quantity_cancelled is '取消数。売れた後に取り消された数。 | Quantity cancelled. Taken back after the sale.';
comment on column report.sales_order_line.unit_price is '単価。 | Unit price.';
comment on column report.sales_order_line.amount is '金額。受注数と単価の積。 | Amount. Quantity ordered times unit price.';
comment on column report.sales_order_line.tax_rate is '税率。 | Tax rate.';
