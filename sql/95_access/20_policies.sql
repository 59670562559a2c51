-- Row policies: who is asked decides, by access.*. They bind everybody but the tables' owner, the functions that staff call included.
do $$
declare
    v_scope record;
begin
    for v_scope in
        select * from (values
            ('channel.shop', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('stock.warehouse', 'warehouse_id = any((select access.warehouse_ids())::bigint[])'),
            ('channel.shop_secret', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('channel.listing', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('transit.file_import', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('document.sender', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('document.form_template', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('document.form_choice', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('document.form_trial',
                'exists (select from document.form_template as known where known.form_template_id = form_trial.form_template_id)'),
            ('mail.mail_account', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('mail.account_gate', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('mail.mail_template', 'shop_id is null or shop_id = any((select access.shop_ids())::bigint[])'),
            ('mail.mail_rule', 'shop_id is null or shop_id = any((select access.shop_ids())::bigint[])'),
            ('mail.mail', 'case when mail.sales_order_id is null then mail.shop_id = any((select access.shop_ids())::bigint[])
                else exists (select from sales.sales_order as known where known.sales_order_id = mail.sales_order_id) end'),
            ('mail.mail_party', 'exists (select from mail.mail as known where known.mail_id = mail_party.mail_id)'),
            ('mail.mailing', 'asked_by = (select access.account_id())
                or exists (select from mail.mail as known where known.mailing_id = mailing.mailing_id)'),
            ('mail.dead_address', 'exists (select from customer.customer as known where known.customer_id = dead_address.customer_id)'),
            ('mail.link_template', 'shop_id is null or shop_id = any((select access.shop_ids())::bigint[])'),
            ('mail.mailbox', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('mail.mailbox_gate', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('mail.inquiry', 'case when inquiry.sales_order_id is null then inquiry.shop_id = any((select access.shop_ids())::bigint[])
                else exists (select from sales.sales_order as known where known.sales_order_id = inquiry.sales_order_id) end'),
            ('mail.inquiry_party', 'exists (select from mail.inquiry as known where known.inquiry_id = inquiry_party.inquiry_id)'),
            ('mail.inquiry_message', 'exists (select from mail.inquiry as known where known.inquiry_id = inquiry_message.inquiry_id)'),
            ('mail.inquiry_message_party', 'exists (select from mail.inquiry_message as known
                where known.inquiry_message_id = inquiry_message_party.inquiry_message_id)'),
            ('mail.mail_return', 'case when mail_return.mail_id is null then mail_return.shop_id = any((select access.shop_ids())::bigint[])
                else exists (select from mail.mail as known where known.mail_id = mail_return.mail_id) end'),
            ('mail.consent', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('transit.cursor', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('transit.data_key', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('transit.message', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('transit.push', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('transit.shop_gate', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('transit.schedule_run', 'shop_id = 0 or shop_id = any((select access.shop_ids())::bigint[])'),
            ('transit.inbox', 'shop_id is null or shop_id = any((select access.shop_ids())::bigint[])'),
            ('sales.hold_rule', 'shop_id is null or shop_id = any((select access.shop_ids())::bigint[])'),
            ('sales.line_cancellation', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('sales.sales_order',
                'shop_id = any((select access.shop_ids())::bigint[]) and warehouse_id = any((select access.warehouse_ids())::bigint[])'),
            ('sales.quotation', 'shop_id = any((select access.shop_ids())::bigint[])'),
            ('sales.quotation_party', 'exists (select from sales.quotation as known where known.quotation_id = quotation_party.quotation_id)'),
            ('sales.quotation_line', 'exists (select from sales.quotation as known where known.quotation_id = quotation_line.quotation_id)'),
            ('shipping.shipment', 'exists (select from sales.sales_order as known where known.sales_order_id = shipment.sales_order_id)'),
            ('shipping.shipment_line', 'exists (select from shipping.shipment as known where known.shipment_id = shipment_line.shipment_id)'),
            ('stock.stock_entry', 'warehouse_id = any((select access.warehouse_ids())::bigint[])'),
            ('stock.stock_balance', 'warehouse_id = any((select access.warehouse_ids())::bigint[])'),
            ('stock.adjustment', 'warehouse_id = any((select access.warehouse_ids())::bigint[])'),
            ('customer.customer', 'exists (select from sales.sales_order as known where known.customer_id = customer.customer_id)'),
            ('customer.customer_party', 'exists (select from sales.sales_order as known where known.customer_id = customer_party.customer_id)'),
            ('customer.credit_term', 'exists (select from sales.sales_order as known where known.customer_id = credit_term.customer_id)'),
            ('customer.identity', 'exists (select from sales.sales_order as known where known.customer_id = identity.customer_id)'),
            ('sales.sales_order_party', 'exists (select from sales.sales_order as known where known.sales_order_id = sales_order_party.sales_order_id)'),
            ('sales.sales_order_line', 'exists (select from sales.sales_order as known where known.sales_order_id = sales_order_line.sales_order_id)'),
            ('sales.sales_order_fee', 'exists (select from sales.sales_order as known where known.sales_order_id = sales_order_fee.sales_order_id)'),
            ('sales.payment', 'exists (select from sales.sales_order as known where known.sales_order_id = payment.sales_order_id)'),
            ('sales.hold', 'exists (select from sales.sales_order as known where known.sales_order_id = hold.sales_order_id)'),
            -- A statement has no order: who sees every shop sees it
            ('document.issued_document', 'exists (select from sales.sales_order as known where known.sales_order_id = issued_document.sales_order_id)'),
            ('document.issued_line', 'exists (select from document.issued_document as known where known.issued_document_id = issued_line.issued_document_id)'),
            ('document.issued_tax_line', 'exists (select from document.issued_document as known where known.issued_document_id = issued_tax_line.issued_document_id)'),
            ('document.issued_party', 'exists (select from document.issued_document as known where known.issued_document_id = issued_party.issued_document_id)'),
            ('document.issued_key', 'exists (select from document.issued_document as known where known.issued_document_id = issued_key.issued_document_id)'),
            ('document.issued_content', 'exists (select from document.issued_document as known where known.issued_document_id = issued_content.issued_document_id)'),
            ('document.issued_copy', 'exists (select from document.issued_document as known where known.issued_document_id = issued_copy.issued_document_id)'),
            ('document.issued_void', 'exists (select from document.issued_document as known where known.issued_document_id = issued_void.issued_document_id)'),
            ('document.issued_statement', 'exists (select from document.issued_document as known where known.issued_document_id = issued_statement.issued_document_id)'),
            ('document.issued_statement_order', 'exists (select from document.issued_document as known where known.issued_document_id = issued_statement_order.issued_document_id)'),
            ('document.issued_statement_payment', 'exists (select from document.issued_document as known where known.issued_document_id = issued_statement_payment.issued_document_id)')
        ) as scope (table_name, predicate)
    loop
        execute format('alter table %s enable row level security', v_scope.table_name);
        execute format('create policy scope on %s to daicho_staff, daicho_function, daicho_worker using ((select access.sees_all()) or (%s))',
            v_scope.table_name, v_scope.predicate);
    end loop;
end;
$$;
-- What a person asked for is theirs; owners and managers who see everything see all of it.
alter table transit.job_request enable row level security;
create policy scope on transit.job_request to daicho_staff, daicho_function, daicho_worker using (
    (requested_by = (select access.account_id())
        -- An API token with a lesser role sees what was asked with that role.
        and ((select access.role_in_force()) = (select access.staff_role()) or asked_as = (select access.role_in_force())))
    or (select access.sees_all_jobs())
);
-- What people did: for those who see everything, because a row's history may speak of any shop.
alter table staff.audit_log enable row level security;
create policy scope on staff.audit_log to daicho_staff, daicho_function using ((select access.sees_all()));
-- An outside warehouse sees personal data only until the parcel has left.
create policy until_shipped on sales.sales_order_party as restrictive to daicho_staff, daicho_function, daicho_worker using (
    not (select access.is_outside())
    or exists (
        select from sales.sales_order as known
        where known.sales_order_id = sales_order_party.sales_order_id and known.shipped_at is null and known.cancelled_at is null
    )
);
-- Notes on holds may name people too. Functions still release holds in the transaction that ships.
create policy until_shipped on sales.hold as restrictive to daicho_staff using (
    not (select access.is_outside())
    or exists (
        select from sales.sales_order as known
        where known.sales_order_id = hold.sales_order_id and known.shipped_at is null and known.cancelled_at is null
    )
);
-- Saved searches: one's own, and those that are shared with one's role or with everybody.
alter table staff.saved_search enable row level security;
create policy own on staff.saved_search to daicho_staff
    using (account_id = (select access.account_id())) with check (account_id = (select access.account_id()));
create policy shared on staff.saved_search for select to daicho_staff
    using (is_shared and (staff_role is null or staff_role = (select access.staff_role())));
create policy tidy on staff.saved_search for delete to daicho_staff using (is_shared and (select access.staff_role()) = 'owner');
-- Kept counts: those of one's own role and scope.
alter table staff.kept_count enable row level security;
-- An API token with a lesser role sees none: they were counted for the account's own.
create policy scope on staff.kept_count for select to daicho_staff using (
    scope_key = (select access.scope_key(access.account_id())) and (select access.role_in_force()) = (select access.staff_role())
);
create policy kept on staff.kept_count to daicho_function using ((select access.staff_role()) = 'system');
-- What each arranged for themselves.
alter table staff.list_layout enable row level security;
create policy own on staff.list_layout to daicho_staff using (account_id = (select access.account_id()));
