-- Linked to the order of a number, ours or the shop's; no number unlinks, and one that is not there is refused.
select mail.inquiry_link(:inquiry_id, case when :order_no <> '' then coalesce((
    select sales_order.sales_order_id
    from sales.sales_order as sales_order
    join mail.inquiry as inquiry on inquiry.shop_id = sales_order.shop_id and inquiry.inquiry_id = :inquiry_id
    where sales_order.order_no = upper(:order_no) or sales_order.external_order_no = :order_no
    limit 1
), 0) end)
