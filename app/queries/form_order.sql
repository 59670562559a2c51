-- An order of a shop by its number, without one the newest; of customs forms the newest that goes abroad.
select sales_order.sales_order_id as row_id, sales_order.order_no
from sales.sales_order as sales_order
where sales_order.shop_id = :shop_id and (:order_no = '' or sales_order.order_no = :order_no or sales_order.external_order_no = :order_no)
    and (:document_kind <> 'customs_form' or :order_no <> '' or exists (
        select from sales.sales_order_party as party
        where party.sales_order_id = sales_order.sales_order_id and upper(party.recipient_country_code) <> base.setting_text('home_country')
    ))
order by sales_order.ordered_at desc, sales_order.sales_order_id desc
limit 1
