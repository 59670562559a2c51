insert into document.document_kind values ('statement', '締め請求書 | Statement', false, true, 90, 'customer.customer');
insert into document.issued_kind values ('statement', 'B', 'statement');
-- A customer's statements with one issuer, in one currency, with or without tax in prices, are counted as an order's documents are.
create unique index issued_document_series_uq on document.issued_document (customer_id, issuer, currency_code, tax_inclusive, issue_part)
    where document_kind = 'statement';

create table document.issued_statement (
    issued_document_id bigint primary key constraint issued_statement_document_fk references document.issued_document,
    previous_id bigint constraint issued_statement_previous_fk references document.issued_statement,
    begins_on date not null,
    closes_on date not null,
    payment_on date not null,
    previous_due base.money not null,
    received base.money not null,
    carried_over base.money not null,
    sales base.money not null,
    invoiced_before base.money not null,
    due base.money not null,
    constraint issued_statement_period_ck check (begins_on <= closes_on and payment_on > closes_on),
    constraint issued_statement_carried_ck check (carried_over = previous_due - received),
    constraint issued_statement_due_ck check (due = carried_over + sales + invoiced_before),
    constraint issued_statement_previous_ck check (previous_id is not null or previous_due = 0)
);
comment on table document.issued_statement is '締め請求書の残高。前回から今回まで。追記のみ。 | Balance of a statement. From the one before to this one; only ever added.';
comment on column document.issued_statement.issued_document_id is '帳票。 | Document.';
comment on column document.issued_statement.previous_id is '前回の締め請求書。初回は空。 | Previous statement. Empty on the first.';
comment on column document.issued_statement.begins_on is '期間の初め。 | Period from.';
comment on column document.issued_statement.closes_on is '締日。期間の終わり。 | Closing date. The end of the period.';
comment on column document.issued_statement.payment_on is '支払期日。 | Payment due on.';
comment on column document.issued_statement.previous_due is '前回御請求額。 | Previous balance. What the previous statement asked for.';
comment on column document.issued_statement.received is '御入金額。前回から後の入金。 | Received. Payments since.';
comment on column document.issued_statement.carried_over is '繰越金額。前回御請求額から御入金額を引いた額。 | Carried over. The previous balance less what was received.';
comment on column document.issued_statement.sales is '今回御買上額。税込。モール負担と返品を引いた額。 | Sales of the period. With tax, less what malls pay and what came back.';
comment on column document.issued_statement.invoiced_before is '請求書発行済みの受注の額。税込。ここでは課税しない。 | Orders invoiced before. With tax; they are not taxed here a second time.';
comment on column document.issued_statement.due is '今回御請求額。 | Due now.';
comment on constraint issued_statement_period_ck on document.issued_statement is '期間の初めは締日まで、支払期日は締日の後です。 | A period begins before it closes, and is paid after.';
comment on constraint issued_statement_carried_ck on document.issued_statement is '繰越金額は、前回御請求額から御入金額を引いた額です。 | What is carried over is the previous balance less what was received.';
comment on constraint issued_statement_due_ck on document.issued_statement is '今回御請求額は、繰越金額、今回御買上額、発行済みの額の和です。 | What is due is what was carried over, the sales and what was invoiced before.';
comment on constraint issued_statement_previous_ck on document.issued_statement is '初回の締め請求書に前回の額はありません。 | A first statement has no previous balance.';
create index issued_statement_previous_ix on document.issued_statement (previous_id);

create table document.issued_statement_order (
    issued_document_id bigint not null constraint issued_statement_order_statement_fk references document.issued_statement,
    sales_order_id bigint not null constraint issued_statement_order_order_fk references sales.sales_order,
    statement_part integer,
    earlier_id bigint constraint issued_statement_order_earlier_fk references document.issued_statement,
    original_id bigint constraint issued_statement_order_original_fk references document.issued_document,
    amount base.money not null,
    constraint issued_statement_order_pk primary key (issued_document_id, sales_order_id),
    constraint issued_statement_order_part_uq unique (sales_order_id, statement_part),
    constraint issued_statement_order_part_ck check (statement_part > 0 and earlier_id is null or statement_part is null and earlier_id is not null)
);
comment on table document.issued_statement_order is '締め請求書の受注。一つの受注は一つの締め請求書に。後の返品は次の締め請求書に。 | Order of a statement. Each stands on one; what comes back later is on a later one.';
comment on column document.issued_statement_order.issued_document_id is '締め請求書。 | Statement.';
comment on column document.issued_statement_order.sales_order_id is '受注。 | Order.';
comment on column document.issued_statement_order.statement_part is '回。締め請求書を取り消すと次にのる。返品の行では空。 | Part. It comes onto another after its statement was voided; empty where something came back.';
comment on column document.issued_statement_order.earlier_id is 'もとの締め請求書。返品の行だけ。 | Earlier statement. On which the order stands of which something came back.';
comment on column document.issued_statement_order.original_id is '発行済みの請求書。あれば、ここでは課税しない。 | Invoice of its own. Where there is one, the order is not taxed here.';
comment on column document.issued_statement_order.amount is '金額。内訳の和。請求書のある受注では税込で買い手が払う額。 | Amount. The sum of its parts; where it has an invoice of its own, what the buyer pays with tax.';
comment on constraint issued_statement_order_part_uq on document.issued_statement_order is 'この受注はすでに締め請求書にのっています。 | This order is on a statement already.';
comment on constraint issued_statement_order_part_ck on document.issued_statement_order is '受注の行には回が、返品の行にはもとの締め請求書があります。 | An order has its part; what came back of one names the earlier statement.';
create index issued_statement_order_order_ix on document.issued_statement_order (sales_order_id);

create table document.issued_statement_payment (
    issued_document_id bigint not null constraint issued_statement_payment_statement_fk references document.issued_statement,
    payment_id bigint not null constraint issued_statement_payment_payment_fk references sales.payment,
    amount base.money not null,
    constraint issued_statement_payment_pk primary key (issued_document_id, payment_id)
);
comment on table document.issued_statement_payment is '締め請求書に数えた入金。 | Payment counted on a statement. Each on one.';
comment on column document.issued_statement_payment.issued_document_id is '締め請求書。 | Statement.';
comment on column document.issued_statement_payment.payment_id is '入金。 | Payment.';
comment on column document.issued_statement_payment.amount is '金額。返金と取消は負の数。 | Amount. Negative where it was given or taken back.';
create index issued_statement_payment_payment_ix on document.issued_statement_payment (payment_id);
