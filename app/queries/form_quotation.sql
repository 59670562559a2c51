-- A quotation of a shop by its number, without one the newest.
select quotation.quotation_id as row_id, quotation.quotation_no as order_no
from sales.quotation as quotation
where quotation.shop_id = :shop_id and (:order_no = '' or quotation.quotation_no = :order_no)
order by quotation.quotation_id desc
limit 1
