-- Who of the chosen orders would get a mail, and why the others would not.
select found.sales_order_id, found.order_no, found.reason
from mail.mailing_preview(:template_code, cast(:condition as jsonb), cast(:keys as jsonb), :most) as found
