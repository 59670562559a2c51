grant usage on schema base, catalog, channel, customer, sales, stock, shipping, mail, document, transit, staff, report, access, own
    to daicho_staff, daicho_function, daicho_web, daicho_worker;

-- Programs.
grant select, insert, update, delete on all tables in schema base, catalog, channel, customer, sales, stock, shipping, mail, document, transit to daicho_function;
grant usage on all sequences in schema base, catalog, channel, customer, sales, stock, shipping, mail, document, transit to daicho_function;
grant select, insert, update on staff.check_run to daicho_function;
grant select, insert, update, delete on staff.kept_count to daicho_function;
grant select on all tables in schema report to daicho_function;
grant select on staff.retention_clock to daicho_function;
grant select, update on staff.own_table, staff.own_column to daicho_function;
grant select, insert, update, delete on staff.account, staff.account_shop, staff.account_warehouse, staff.account_link, staff.second_factor,
    staff.recovery_code, staff.api_token, staff.staff_role, staff.role_grant to daicho_function;
grant select, insert, update on staff.ab_user, staff.ab_web_session to daicho_function;
grant usage on schema access to daicho_keeper;

grant select on all tables in schema base, catalog, channel, sales, stock, shipping, mail, document, transit, report to daicho_worker;
grant select on customer.customer, staff.check_run, staff.retention_clock, staff.account to daicho_worker;
grant insert, update on base.exchange_rate, catalog.product, catalog.sku, catalog.sku_cost, catalog.sku_customs, catalog.bundle_component, channel.channel, channel.shop,
    channel.shop_secret, channel.listing, channel.column_map, stock.warehouse, document.sender, transit.message, transit.cursor,
    sales.hold_rule, mail.mail_account to daicho_worker;
grant update (is_on) on mail.mail_rule to daicho_worker;
grant delete on channel.shop_secret to daicho_worker;
-- To write them anew under a new key of the installation.
grant select, update (secret) on staff.second_factor to daicho_worker;
grant insert on sales.line_cancellation, stock.adjustment to daicho_worker;
grant update on transit.schedule to daicho_worker;
grant usage on all sequences in schema catalog, channel, sales, stock, transit to daicho_worker;

-- Everybody who works here: the words that screens need.
grant select on base.currency, base.error, base.setting, catalog.handling_status, catalog.product, catalog.sku, catalog.sku_customs, catalog.bundle_component, catalog.sku_part,
    channel.channel, channel.shop, sales.order_status, sales.payment_method, sales.cancel_reason, sales.hold_reason, sales.fee_kind, sales.quotation_state,
    stock.warehouse, stock.cause, stock.adjustment_reason, shipping.carrier, document.document_kind, mail.mail_event, mail.mail_state, mail.mailbox_kind, mail.return_kind, transit.inbox_reason to daicho_staff;
-- Their own searches, and what was counted for them; the rows are said by policies.
grant select, delete, insert (relation, search_name, condition, columns, sort, position, is_pinned, is_shared, staff_role),
    update (search_name, condition, columns, sort, position, is_pinned, is_shared, staff_role) on staff.saved_search to daicho_staff;
grant usage on sequence staff.saved_search_saved_search_id_seq to daicho_staff;
grant select on staff.kept_count to daicho_staff;
-- Everybody's own long work; its arguments and mark may hold what was typed to find people.
grant select (job_request_id, lane, job, requested_at, requested_by, due_at, lease_until, attempt, done_at, answer, error, label, step, done, of_all,
    started_at, cancel_wanted_at, cancelled_at, file_name, stored_as) on transit.job_request to daicho_staff;

grant select, insert (account_id, relation, columns), update (columns) on staff.list_layout to daicho_staff;

-- Owner and manager: everything that is not a secret; the owner also the people.
do $$
declare
    v_role text;
begin
    foreach v_role in array array['daicho_owner', 'daicho_manager'] loop
        execute format('grant select on all tables in schema base, catalog, channel, customer, sales, stock, shipping, mail, document, transit, report to %I', v_role);
        execute format('grant select on staff.audit_log, staff.check_run, staff.retention_clock, staff.staff_role, staff.role_grant to %I', v_role);
        execute format('revoke all on channel.shop_secret, transit.data_key, transit.job_request, document.issued_key, document.issued_content from %I', v_role);
        execute format('grant insert, update on catalog.product, catalog.sku, catalog.sku_cost, catalog.sku_customs, channel.listing, channel.column_map,
            base.exchange_rate, stock.warehouse, shipping.carrier to %I', v_role);
        execute format('grant insert, update, delete on catalog.bundle_component to %I', v_role);
        execute format('grant delete on base.exchange_rate, channel.column_map to %I', v_role);
        execute format('grant update (is_on, amount_limit, shop_id, rule_name) on sales.hold_rule to %I', v_role);
        execute format('grant insert on sales.hold_rule to %I', v_role);
        execute format('grant update (shop_name, warehouse_id, time_zone) on channel.shop to %I', v_role);
        execute format('grant update (staff_note, buyer_note, buyer_name, buyer_kana, buyer_email, buyer_phone, recipient_name, recipient_kana,
            recipient_phone, recipient_postal_code, recipient_region, recipient_address_line1, recipient_address_line2, recipient_company)
            on sales.sales_order_party to %I', v_role);
        execute format('grant usage on all sequences in schema catalog, channel, sales, stock to %I', v_role);
    end loop;
end;
$$;
-- Where a shop's secrets are sent stands in its settings.
grant insert, update (settings) on channel.shop to daicho_owner;
grant update (value) on base.setting to daicho_owner;
grant update (waits) on sales.payment_method to daicho_owner;
grant update (every, is_on) on transit.schedule to daicho_owner;
grant update (keep, is_on) on staff.retention_clock to daicho_owner;
grant select on staff.account, staff.account_shop, staff.account_warehouse, staff.own_table, staff.own_column to daicho_owner;
grant insert, delete on staff.account_shop, staff.account_warehouse to daicho_owner;
grant update (display_name, staff_role, locale, sees_all_shops, sees_all_warehouses, ended_at) on staff.account to daicho_owner;

-- Order desk: orders with their people, holds, inbox.
grant select on sales.sales_order, sales.sales_order_party, sales.sales_order_line, sales.sales_order_fee, sales.payment, sales.line_cancellation,
    sales.hold, sales.hold_rule, sales.order_headline, sales.hold_wanted, customer.customer, customer.customer_party, channel.listing,
    channel.listing_level, stock.stock_balance, shipping.shipment, shipping.shipment_line, transit.inbox, transit.push, report.sales_order,
    report.sales_order_buyer, report.sales_order_line, report.stock_available, report.order_count, report.hold_count, report.inbox_count,
    report.order_summary to daicho_order_desk, daicho_support;
grant select on report.hold_summary to daicho_order_desk, daicho_support, daicho_accounting;
grant select on transit.file_import, channel.column_map to daicho_order_desk;
grant update (staff_note, buyer_name, buyer_kana, buyer_email, buyer_phone, recipient_name, recipient_kana, recipient_phone,
    recipient_postal_code, recipient_region, recipient_address_line1, recipient_address_line2, recipient_company)
    on sales.sales_order_party to daicho_order_desk;
grant update (staff_note) on sales.sales_order_party to daicho_support;

-- Quotations: for who sees customers and the books; written by who writes orders. What becomes of one is said by functions.
grant select on sales.quotation, sales.quotation_party, sales.quotation_line, report.quotation_summary
    to daicho_order_desk, daicho_support, daicho_accounting;
grant insert (shop_id, customer_id, valid_until, tax_inclusive, currency_code, delivery_terms, payment_terms),
    update (shop_id, customer_id, valid_until, tax_inclusive, currency_code, delivery_terms, payment_terms)
    on sales.quotation to daicho_owner, daicho_manager, daicho_order_desk;
grant insert (quotation_id, company, person_name, postal_code, region, address_line1, address_line2, phone, email, note),
    update (company, person_name, postal_code, region, address_line1, address_line2, phone, email, note)
    on sales.quotation_party to daicho_owner, daicho_manager, daicho_order_desk;
grant insert (quotation_id, line_no, sku_id, line_title, quantity, unit_price, tax_rate), delete,
    update (line_no, sku_id, line_title, quantity, unit_price, tax_rate) on sales.quotation_line
    to daicho_owner, daicho_manager, daicho_order_desk;
grant usage on sequence sales.quotation_quotation_id_seq, sales.quotation_line_quotation_line_id_seq to daicho_order_desk;

-- Why an order waits: for everybody who may open it. Limits stay with who keeps the rules.
-- Purchasing sees that and why, not what people wrote of the buyer.
grant select (hold_id, sales_order_id, hold_reason, hold_rule_id, rule_version, evidence, placed_at, placed_by, released_at, released_by, label,
    is_open) on sales.hold to daicho_purchasing;
grant select (hold_rule_id, rule_code, rule_name, rule_kind, hold_reason) on sales.hold_rule
    to daicho_warehouse, daicho_outside_warehouse, daicho_purchasing, daicho_accounting;

-- A view shows only what its reader may see beneath it.
grant select on sales.line_cancellation to daicho_warehouse, daicho_outside_warehouse, daicho_purchasing;

-- Warehouse: what is there and what leaves.
grant select on sales.sales_order, sales.sales_order_party, sales.sales_order_line, sales.hold, sales.order_headline, stock.stock_entry,
    stock.stock_balance, stock.adjustment, shipping.shipment, shipping.shipment_line, transit.push, report.sales_order, report.sales_order_buyer,
    report.sales_order_line, report.stock_available, report.order_count, report.order_summary to daicho_warehouse;
grant select on sales.sales_order, sales.sales_order_party, sales.sales_order_line, sales.hold, sales.order_headline, shipping.shipment,
    shipping.shipment_line, stock.stock_balance, report.sales_order, report.sales_order_buyer, report.sales_order_line, report.stock_available,
    report.order_summary to daicho_outside_warehouse;

-- Purchasing: stock and costs.
grant select on catalog.sku_cost, channel.listing, sales.sales_order, sales.sales_order_line, stock.stock_entry,
    stock.stock_balance, stock.adjustment, report.sales_order, report.sales_order_line, report.stock_available to daicho_purchasing;
grant insert, update on catalog.sku_cost to daicho_purchasing;

-- Merchandiser: products and listings.
grant select on channel.listing, channel.listing_level, channel.column_map, stock.stock_balance, transit.push, report.stock_available,
    report.shop_health, transit.shop_gate, transit.cursor to daicho_merchandiser;
grant insert, update on catalog.product, catalog.sku, catalog.sku_customs, channel.listing to daicho_merchandiser;
grant insert, update, delete on catalog.bundle_component to daicho_merchandiser;
grant usage on all sequences in schema catalog, channel to daicho_merchandiser;

-- Accounting: money.
grant select on base.exchange_rate, catalog.sku_cost, customer.customer, customer.customer_party, sales.sales_order, sales.sales_order_party,
    sales.sales_order_line, sales.sales_order_fee, sales.payment, sales.line_cancellation, sales.hold, sales.order_headline,
    stock.stock_balance, shipping.shipment, shipping.shipment_line, report.sales_order, report.sales_order_buyer, report.sales_order_line,
    report.stock_available, report.order_count, report.order_summary to daicho_accounting;
grant insert, update on base.exchange_rate to daicho_accounting;

-- Analyst: everything that counts, nobody by name.
grant select on base.exchange_rate, catalog.sku_cost, customer.customer, channel.listing, sales.sales_order, sales.sales_order_line,
    sales.sales_order_fee, sales.line_cancellation, sales.hold_rule, sales.order_headline, stock.stock_entry,
    stock.stock_balance, stock.adjustment, shipping.shipment, shipping.shipment_line, report.sales_order, report.sales_order_line,
    report.stock_available, report.order_count, report.hold_count, report.order_summary to daicho_analyst;
grant select (hold_id, sales_order_id, hold_reason, hold_rule_id, rule_version, evidence, placed_at, placed_by, released_at, released_by, label,
    is_open) on sales.hold to daicho_analyst;
grant select (payment_id, sales_order_id, paid_at, amount, payment_method, account_id, voids_payment_id, payment_part) on sales.payment to daicho_analyst;

-- Documents: for who sees whose order it is. What they say of the shop is kept by owner and manager.
grant select on document.form_template, document.form_choice
    to daicho_order_desk, daicho_support, daicho_warehouse, daicho_outside_warehouse, daicho_accounting;
grant select on document.sender to daicho_order_desk, daicho_support, daicho_warehouse, daicho_outside_warehouse, daicho_accounting;
grant select on sales.sales_order_fee to daicho_warehouse, daicho_outside_warehouse;
grant insert, update on document.sender to daicho_owner, daicho_manager;
-- Credit terms: kept by who keeps the books.
grant select on customer.credit_term to daicho_order_desk, daicho_support, daicho_accounting;
grant insert, update on customer.credit_term to daicho_owner, daicho_manager, daicho_accounting;
-- Issued documents: for who answers the buyer and who keeps the books.
grant select on document.issued_kind, document.copy_act, document.void_reason to daicho_staff;
grant select on document.issued_document, document.issued_line, document.issued_tax_line, document.issued_party, document.issued_copy,
    document.issued_void, document.issued_statement, document.issued_statement_order, document.issued_statement_payment, document.template_text,
    report.issued_document to daicho_order_desk, daicho_support, daicho_accounting;

-- Mail: for who sees whose order it is; its texts, rules and accounts are kept by owner and manager.
grant select on mail.mail, mail.mail_party, mail.mailing, mail.mail_account, mail.account_gate, mail.mail_template, mail.standard_template, mail.mail_variable, mail.mail_rule, mail.consent,
    mail.dead_address to daicho_order_desk, daicho_support;
grant select on mail.mailbox, mail.mailbox_gate, mail.inquiry, mail.inquiry_party, mail.inquiry_message, mail.inquiry_message_party, mail.mail_return
    to daicho_order_desk, daicho_support;
grant insert, update on mail.mail_account, mail.mailbox to daicho_owner, daicho_manager;
grant select on mail.link_template to daicho_order_desk, daicho_support;
grant insert, update, delete on mail.link_template to daicho_owner, daicho_manager;
grant usage on sequence mail.link_template_link_template_id_seq to daicho_owner, daicho_manager;
grant insert (rule_name, mail_event, template_code, shop_id, wait, stale_after, condition, keeps_quiet, is_on),
    update (rule_name, mail_event, template_code, shop_id, wait, stale_after, condition, keeps_quiet, is_on) on mail.mail_rule to daicho_owner, daicho_manager;
grant usage on sequence mail.mail_rule_mail_rule_id_seq to daicho_owner, daicho_manager;

-- How today goes: for who reads orders and what holds them.
grant select on report.order_hour, report.shipment_hour, report.shop_today, report.shop_silence
    to daicho_order_desk, daicho_support, daicho_warehouse, daicho_accounting, daicho_analyst;

-- The web login, before it has become anybody: who may log in, and as whom.
grant select on staff.account, staff.account_shop, staff.account_warehouse, staff.staff_role, staff.role_grant, staff.account_link,
    staff.second_factor, staff.recovery_code, staff.api_token to daicho_web;
grant insert, update, delete on staff.second_factor, staff.recovery_code to daicho_web;
grant update (last_used_at) on staff.api_token to daicho_web;
grant insert (login_name, display_name, staff_role, locale, user_id, sees_all_shops, sees_all_warehouses), update (locale, theme) on staff.account to daicho_web;
grant usage on sequence staff.account_account_id_seq to daicho_web;
do $$
declare
    v_table text;
begin
    for v_table in
        select class.oid::regclass::text
        from pg_catalog.pg_class as class
        where class.relnamespace = 'staff'::regnamespace and class.relkind = 'r' and class.relname like 'ab\_%'
    loop
        execute format('grant select, insert, update, delete on %s to daicho_web', v_table);
    end loop;
    for v_table in
        select class.oid::regclass::text
        from pg_catalog.pg_class as class
        where class.relnamespace = 'staff'::regnamespace and class.relkind = 'S' and class.relname like 'ab\_%'
    loop
        execute format('grant usage, select on sequence %s to daicho_web', v_table);
    end loop;
end;
$$;
