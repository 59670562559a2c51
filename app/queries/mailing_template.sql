-- The template that an order would be written from.
select template.subject, template.text_body, coalesce(template.html_body, '') as html_body, template.locale,
    template.attached_kind::text as attached_kind
from sales.sales_order as sales_order
join mail.mail_template as template
    on template.mail_template_id = mail.template_for(:template_code, sales_order.shop_id, 'ja')
where sales_order.sales_order_id = :sales_order_id
