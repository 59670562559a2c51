-- Ask for a test mail.
select mail.test_ask(cast(:shop_id as bigint), cast(:sales_order_id as bigint), :locale, :subject, :text_body, :html_body, :sealed)
