-- Functions that people and programs call belong to a role that owns no table, so that the row policies bind them.
do $$
declare
    v_function record;
    v_schemas text[] := array['base', 'catalog', 'channel', 'customer', 'sales', 'stock', 'shipping', 'mail', 'document', 'transit', 'staff', 'report', 'access'];
    v_schema text;
begin
    foreach v_schema in array v_schemas loop
        execute format('grant create on schema %I to daicho_function', v_schema);
    end loop;
    for v_function in
        select function.oid::regprocedure as signature, function.prosecdef, namespace.nspname, function.proname,
            function.prorettype = 'pg_catalog.trigger'::regtype as is_trigger
        from pg_catalog.pg_proc as function
        join pg_catalog.pg_namespace as namespace on namespace.oid = function.pronamespace
        where namespace.nspname = any(v_schemas)
    loop
        execute format('revoke all on function %s from public', v_function.signature);
        execute format('revoke all on function %s from daicho_staff, daicho_web, daicho_worker, daicho_owner, daicho_manager, daicho_order_desk,
            daicho_support, daicho_warehouse, daicho_purchasing, daicho_merchandiser, daicho_accounting, daicho_analyst,
            daicho_outside_warehouse', v_function.signature);
        -- The tables' owner keeps these alone: they read who is who, follow a change that was allowed wherever it leads, change
        -- the schema for the owner, or count the promises of all shops and tell of those in scope.
        if v_function.prosecdef and v_function.nspname <> 'access' and not v_function.is_trigger
            and not (v_function.nspname = 'staff' and v_function.proname like 'own\_%')
            and v_function.signature <> 'sales.orders_beyond_shelf()'::regprocedure then
            execute format('alter function %s owner to daicho_function', v_function.signature);
        end if;
        if v_function.nspname <> 'staff' or v_function.proname in ('checks_run', 'retention_keep', 'counts_keep', 'change_no') then
            execute format('grant execute on function %s to daicho_function', v_function.signature);
        end if;
    end loop;
    foreach v_schema in array v_schemas loop
        execute format('revoke create on schema %I from daicho_function', v_schema);
    end loop;
end;
$$;
grant execute on function access.account_id(), access.staff_role(), access.role_in_force(), access.is_outside(), access.shop_ids(),
    access.warehouse_ids(), access.sees_all(),
    base.setting_text(text), base.today(), base.exchange_rate_at(text, date), transit.outgoing_is_on(text), transit.house_here(), sales.order_explain(bigint),
    sales.orders_beyond_shelf(), stock.as_of(bigint, timestamptz) to daicho_staff, daicho_worker, daicho_web;
-- Conditions: they run with the caller's rights.
grant execute on function access.relation_id(text), access.column_kind(oid), access.search_columns(oid), access.condition_sql(text, jsonb),
    access.condition_part_sql(oid, jsonb, integer), access.condition_leaf_sql(oid, jsonb), access.condition_search_sql(oid, jsonb),
    access.condition_compare_sql(text, text, text, text, jsonb), access.condition_value_sql(text, text, text, jsonb, integer),
    access.like_sql(text, jsonb, text), access.rows_count(text, jsonb, integer), access.facets(text, jsonb, text[], integer),
    access.condition_fault(text, jsonb), access.scope_key(bigint), access.counts_now(jsonb),
    access.row_history(text, jsonb, integer), access.find(text, integer), access.find_orders(jsonb, integer), access.find_goods(text, integer), access.find_numbers(text, integer),
    access.find_people(text, integer), access.keys_found(oid, text), access.people_found(oid, text), access.order_people_found(text), access.person_asked(text), access.sees_people(oid),
    access.is_person_asked(text[], text, text, text, text, text, text), access.match_rank(text[], text, text, text[], text[], text), base.search_text(text),
    base.search_digits(text), base.search_terms(text, text, text), base.search_parts(text[])
    to daicho_staff, daicho_worker, daicho_web;

-- Staff.
grant execute on function sales.hold_release(bigint, text), sales.hold_place(bigint, text), sales.order_cancel(bigint, text),
    transit.inbox_close(bigint, text), transit.job_ask(text, text, jsonb) to daicho_owner, daicho_manager, daicho_order_desk;
grant execute on function sales.hold_place(bigint, text) to daicho_support;
grant execute on function shipping.shipment_post(bigint, text, text, boolean) to daicho_owner, daicho_manager, daicho_warehouse, daicho_outside_warehouse;
grant execute on function stock.stock_adjust(bigint, bigint, integer, text, text) to daicho_owner, daicho_manager, daicho_warehouse;
grant execute on function channel.listing_link(bigint, bigint) to daicho_owner, daicho_manager, daicho_merchandiser;
grant execute on function channel.shop_pause(bigint, text), channel.shop_resume(bigint), transit.push_retry(text, bigint)
    to daicho_owner, daicho_manager, daicho_merchandiser;
grant execute on function sales.payment_record(bigint, numeric, timestamptz, text, boolean), sales.payment_void(bigint, text)
    to daicho_owner, daicho_manager, daicho_accounting, daicho_order_desk;
grant execute on function transit.outgoing_set(text, boolean), customer.forget(bigint), staff.checks_run() to daicho_owner, daicho_manager;

grant execute on function transit.file_import_ask(bigint, text, boolean, boolean, text, text)
    to daicho_owner, daicho_manager, daicho_order_desk;

grant execute on function document.order_pages(bigint[]), document.tax_lines(bigint), document.rounded(numeric, integer, text),
    document.picking_total(bigint[]), document.forms_in_force(text, bigint[]), document.customs_lines(bigint), document.customs_pages(bigint[]),
    document.invoice_no(bigint), document.kind_pages(text, bigint[])
    to daicho_owner, daicho_manager, daicho_order_desk, daicho_support, daicho_warehouse, daicho_outside_warehouse, daicho_accounting;

-- Quotations.
grant execute on function sales.quotation_send(bigint), sales.quotation_accept(bigint), sales.quotation_decline(bigint), sales.quotation_copy(bigint)
    to daicho_owner, daicho_manager, daicho_order_desk;
grant execute on function sales.quotation_forget(bigint) to daicho_owner, daicho_manager;
grant execute on function document.quotation_pages(bigint[]), document.quotation_tax_lines(bigint), document.quotation_totals(bigint),
    document.tax_of(numeric, numeric, boolean, integer, text) to daicho_owner, daicho_manager, daicho_order_desk, daicho_support, daicho_accounting;

-- A shop's own templates. What came of a trial is said by who set the type, never by a person.
grant execute on function document.form_template_save(bigint, text, text), document.form_template_take(bigint),
    document.form_standard_take(bigint, text) to daicho_owner, daicho_manager;
grant execute on function document.issued_trial(bigint, text) to daicho_owner, daicho_manager;
grant execute on function document.issued_keys_there() to daicho_owner, daicho_manager, daicho_worker;
grant execute on function document.statement_trial(bigint, text) to daicho_owner, daicho_manager;
grant execute on function document.form_trial_note(bigint, boolean, integer, integer, bigint) to daicho_web, daicho_worker;
grant execute on function mail.links_of(bigint), mail.percent_encoded(text) to daicho_owner, daicho_manager, daicho_order_desk, daicho_support;
grant execute on function mail.why_not(bigint[]), mail.template_for(text, bigint, text), mail.order_facts(bigint[]), mail.is_quiet(bigint),
    mail.mailing_preview(text, jsonb, jsonb, integer), mail.mailing_begin(text, text, bigint[]), mail.mailing_stop(bigint), mail.mailing_resume(bigint),
    mail.mail_settle(bigint, boolean), mail.mail_again(bigint), mail.mail_stop(bigint), mail.body_of(bigint), mail.consent_set(bigint, bigint, boolean, text),
    mail.address_clear(bigint) to daicho_owner, daicho_manager, daicho_order_desk, daicho_support;
grant execute on function mail.inquiry_answer(bigint, uuid, text, text, bytea), mail.inquiry_close(bigint), mail.inquiry_reopen(bigint),
    mail.inquiry_assign(bigint, bigint), mail.inquiry_answerers(bigint), mail.inquiry_link(bigint, bigint), mail.inquiry_key(bigint)
    to daicho_owner, daicho_manager, daicho_order_desk, daicho_support;
grant execute on function mail.mailbox_resume(bigint), mail.inquiry_keys_wrong() to daicho_owner, daicho_manager;
grant execute on function mail.mailboxes_due(), mail.mailbox_claim(bigint, interval), mail.mailbox_read(bigint, text, bigint, bigint),
    mail.mailbox_failed(bigint, text, boolean), mail.mailbox_resume(bigint), mail.inquiry_key(bigint), mail.inquiry_keys_wrong(),
    mail.inquiry_take(bigint, text, text[], text[], uuid, text, text, text, timestamptz, bigint, boolean),
    mail.inquiry_body_keep(bigint, bigint, bytea, bytea), mail.inquiry_forward(bigint, text[], boolean), mail.mail_return_take(bigint, text, text, bigint, uuid, text, text) to daicho_worker;
grant execute on function mail.template_save(bigint, integer, text, text, text, bigint, text, boolean, text, text, text, text, text[]),
    mail.template_reset(bigint), mail.template_end(bigint), mail.account_resume(bigint), mail.rule_condition_take(bigint, bigint),
    mail.account_try(bigint), mail.test_ask(bigint, bigint, text, text, text, text, text), mail.secret_keep(bigint, text, bytea),
    mail.secrets_there(bigint) to daicho_owner, daicho_manager;
grant execute on function mail.shops_due(), mail.leases_end(), mail.mails_claim(bigint, integer, interval), mail.is_quiet(bigint),
    mail.mail_handing(bigint, bigint, interval, text, text, text, bigint, bytea, integer, bigint, text), mail.mail_sent(bigint, text),
    mail.mail_not_sent(bigint, bigint, text, text, interval), mail.mails_give_back(bigint), mail.account_failed(bigint, text, boolean, boolean),
    mail.account_worked(bigint), mail.account_resume(bigint), mail.address_dead(uuid, text, bigint, text), mail.consent_set(bigint, bigint, boolean, text), mail.why_not(bigint[]), mail.order_facts(bigint[]), mail.template_for(text, bigint, text),
    document.order_pages(bigint[]), document.tax_lines(bigint), document.rounded(numeric, integer, text), document.forms_in_force(text, bigint[])
    to daicho_worker;
grant execute on function document.document_issue(bigint, text, text, text, bigint, bigint), document.document_void(bigint, text),
    document.issued_going(bigint, text, bigint)
    to daicho_owner, daicho_manager, daicho_order_desk, daicho_support, daicho_accounting;
grant execute on function document.statements_due(date, bigint), document.statement_issue(bigint, text, text, boolean, date, bigint)
    to daicho_owner, daicho_manager, daicho_order_desk, daicho_support, daicho_accounting;
grant execute on function document.kept_until(date), document.day_of_month(date, integer) to daicho_staff, daicho_worker;
grant execute on function document.issued_content_keep(bigint, text, bytea, integer, bytea, bytea), document.template_keep(text, jsonb),
    document.issued_copy_note(bigint, text, bigint, bigint), document.issued_keys_rewrap(bigint[], bytea[]),
    document.document_issue(bigint, text, text, text, bigint, bigint), document.issued_going(bigint, text, bigint),
    document.issued_mail_note(bigint, integer, bigint, bigint) to daicho_worker;

-- Own tables and columns: who decides what the house keeps.
grant execute on function staff.own_hosts(), staff.own_column_add(text, text, text, text, text, text, text, text[], text, boolean, text, text[], text[]),
    staff.own_column_change(bigint, integer, text, text, text, text, text[], text, text[], text[]), staff.own_column_remove(bigint),
    staff.own_column_restore(bigint), staff.own_column_delete(bigint),
    staff.own_table_add(text, text, text, text, text, text[], text[]),
    staff.own_table_change(bigint, integer, text, text, text, text, text[], text[]), staff.own_table_remove(bigint),
    staff.own_table_restore(bigint), staff.own_table_delete(bigint), staff.own_loss(bigint, bigint), staff.own_apply() to daicho_owner;

-- Workers.
grant execute on function sales.orders_accept(jsonb), sales.holds_refresh(integer), sales.waiting_reserve(bigint[]), stock.stock_receive(text, jsonb),
    stock.stock_adjust(bigint, bigint, integer, text, text), shipping.shipment_post(bigint, text, text, boolean), channel.listing_link(bigint, bigint),
    channel.shop_pause(bigint, text), channel.shop_resume(bigint), sales.hold_release(bigint, text), sales.order_cancel(bigint, text),
    sales.payment_record(bigint, numeric, timestamptz, text, boolean), sales.payment_void(bigint, text), customer.forget(bigint),
    transit.changes_dispatch(integer),
    transit.waiting_dispatch(integer), transit.shops_due(text), transit.push_claim(bigint, text, integer, interval),
    transit.push_done(text, bigint[], bigint[], integer[], bigint, interval), transit.push_later(text, bigint[], bigint, interval),
    transit.push_refuse(text, bigint, bigint, text), transit.push_retry(text, bigint), transit.shop_gate_close(bigint, interval, text),
    transit.shop_gate_open(bigint), transit.inbox_note(text, bigint, bigint, bigint, bigint, text, text), transit.inbox_close(bigint, text),
    transit.job_ask(text, text, jsonb), transit.job_claim(bigint, interval), transit.job_done(bigint, bigint, jsonb, text, text),
    transit.job_progress(bigint, bigint, text, integer, integer, jsonb), transit.job_cancelled(bigint, bigint, jsonb), transit.files_forget(interval),
    transit.job_extend(bigint, bigint, interval),
    transit.job_failed(bigint, bigint, text, interval), transit.schedule_tick(), transit.data_keys_take(bigint, text[], bytea[]),
    transit.data_keys_rewrap(bigint[], bytea[]),
    transit.outgoing_set(text, boolean), transit.outgoing_hold(), staff.checks_run(), staff.retention_keep(integer),
    access.count_scopes(integer), staff.counts_keep(text, jsonb) to daicho_worker;

-- Order files.
grant execute on function catalog.skus_import(bigint, jsonb), sales.cancellations_match(bigint, jsonb),
    stock.adjustments_import(bigint, jsonb, boolean), transit.rows_set_aside(bigint, jsonb) to daicho_worker;

-- Long work runs with the rights of whoever asked, so everybody may ask.
grant execute on function access.sees_all_jobs() to daicho_staff, daicho_worker, daicho_web;
grant execute on function access.matching_sql(text, jsonb, jsonb) to daicho_staff;
grant execute on function access.role_within(text, text) to daicho_worker;
grant execute on function transit.work_ask(text, text, jsonb), transit.work_cancel(bigint), transit.work_retry(bigint) to daicho_staff;
