create table staff.staff_role (
    staff_role base.code primary key,
    label base.bilingual not null,
    purpose base.bilingual not null,
    is_own boolean not null default false,
    copied_from base.code constraint staff_role_copied_fk references staff.staff_role,
    is_outside boolean not null default false,
    needs_second_factor boolean not null default false,
    ended_at timestamptz,
    version integer not null default 1,
    constraint staff_role_words_ck check (length(label) <= 130 and length(purpose) <= 1000),
    constraint staff_role_own_ck check (is_own = (staff_role ~ '^own_')),
    constraint staff_role_own_form_ck check (is_own <= (staff_role ~ '^own_[a-z][a-z0-9_]{0,29}$'))
);
comment on table staff.staff_role is '役割。権限はデータベースの許可で決まる。 | Staff role. What it may do is said by the grants of its database role.';
comment on column staff.staff_role.staff_role is 'コード。 | Code. Stable for ever.';
comment on column staff.staff_role.label is '名称。 | Name.';
comment on column staff.staff_role.purpose is '役目。 | Purpose.';
comment on column staff.staff_role.is_own is '自店の役割。 | Of this shop. Made here, as a copy of another role; its rights are in the table of granted rights.';
comment on column staff.staff_role.copied_from is '写した元。 | Copied from. The role that it began as.';
comment on column staff.staff_role.is_outside is '外部の人。個人情報は出荷まで。 | Outside. Sees personal data until the parcel has left.';
comment on column staff.staff_role.needs_second_factor is '二段階認証が要る。 | Needs a second factor. Nobody of this role works without one.';
comment on column staff.staff_role.ended_at is '終了日時。 | Ended at. From then on nobody can be given it.';
comment on column staff.staff_role.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint staff_role_words_ck on staff.staff_role is '役割の名称は両方の言語で 130 文字、役目は 1,000 文字までです。 | The name of a role has 130 characters in both languages, its purpose 1,000.';
comment on constraint staff_role_own_ck on staff.staff_role is
    '自店の役割だけ、コードが own_ で始まります。 | The codes of the shop''s own roles, and no others, begin with own_.';
comment on constraint staff_role_own_form_ck on staff.staff_role is
    'コードは英小文字で始まる、英小文字・数字・_ の 30 文字までです。 | A code begins with a small letter and has small letters, digits and _, 30 at most.';
insert into staff.staff_role (staff_role, label, purpose) values
    ('owner', '店主 | Owner', 'すべてを見て、決める。 | Sees and decides everything.'),
    ('manager', '店長 | Manager', '店舗、商品、受注、在庫を動かす。 | Runs shops, products, orders and stock.'),
    ('order_desk', '受注係 | Order desk', '受注を確かめ、保留を解く。 | Checks orders and releases holds.'),
    ('support', '問い合わせ係 | Support', '受注と顧客を見て答える。 | Looks up orders and customers.'),
    ('warehouse', '倉庫係 | Warehouse', '在庫を調整し、出荷する。 | Adjusts stock and ships.'),
    ('purchasing', '仕入係 | Purchasing', '在庫と原価を見て仕入れる。 | Buys, by stock and cost.'),
    ('merchandiser', '商品係 | Merchandiser', '商品と出品を整える。 | Keeps products and listings.'),
    ('accounting', '経理 | Accounting', '金額と入金を見る。 | Looks at amounts and payments.'),
    ('analyst', '分析係 | Analyst', '個人情報のない集計を見る。 | Reads reports without personal data.'),
    ('outside_warehouse', '外部倉庫 | Outside warehouse', '自分の倉庫の受注だけを、出荷まで見る。 | Sees its own warehouse''s orders until they are shipped.'),
    ('system', 'システム | System', '自動の仕事。 | What runs by itself.');
update staff.staff_role set is_outside = true where staff_role = 'outside_warehouse';

create table staff.role_grant (
    staff_role base.code not null constraint role_grant_role_fk references staff.staff_role,
    object_name text not null,
    verb text not null,
    columns text[] not null default '{}',
    constraint role_grant_pk primary key (staff_role, object_name, verb),
    constraint role_grant_verb_ck check (verb in ('select', 'insert', 'update', 'delete', 'execute')),
    constraint role_grant_name_ck check (object_name ~ '^[a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*$'),
    constraint role_grant_columns_ck check ((columns <> '{}') <= (verb in ('select', 'insert', 'update')))
);
comment on table staff.role_grant is '自店の役割の権限。読み込みのたびに当て直す。 | Granted right of the shop''s own role. Applied again at each load.';
comment on column staff.role_grant.staff_role is '役割。 | Role.';
comment on column staff.role_grant.object_name is '対象。 | Object. The table, view or function, with its schema.';
comment on column staff.role_grant.verb is '操作。 | Verb. What may be done with it.';
comment on column staff.role_grant.columns is '列。空ならすべて。 | Columns. All when empty.';
comment on constraint role_grant_verb_ck on staff.role_grant is
    '操作は select, insert, update, delete, execute のどれかです。 | A verb is one of select, insert, update, delete, execute.';
comment on constraint role_grant_name_ck on staff.role_grant is '対象は「スキーマ.名前」です。 | An object is named schema.name.';
comment on constraint role_grant_columns_ck on staff.role_grant is
    '列を選べるのは、見る、追加、変更です。 | Columns can be chosen for select, insert and update.';

create table staff.account (
    account_id bigint generated always as identity primary key,
    login_name text not null,
    display_name text not null,
    staff_role base.code not null constraint account_role_fk references staff.staff_role,
    locale text not null default 'ja',
    sql_login text,
    user_id integer,
    sees_all_shops boolean not null default false,
    sees_all_warehouses boolean not null default false,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    version integer not null default 1,
    theme text not null default 'auto',
    constraint account_login_uq unique (login_name),
    constraint account_sql_login_uq unique (sql_login),
    constraint account_user_uq unique (user_id),
    constraint account_login_ck check (login_name ~ '^[a-z0-9][a-z0-9_.@-]{0,60}$'),
    constraint account_locale_ck check (locale in ('ja', 'en')),
    constraint account_theme_ck check (theme in ('auto', 'light', 'dark'))
);
comment on table staff.account is '担当者。 | Account. Who works here, and the system itself.';
comment on column staff.account.account_id is '番号。 | Number. Given by Daicho.';
comment on column staff.account.login_name is 'ログイン名。 | Login name.';
comment on column staff.account.display_name is '表示名。 | Display name.';
comment on column staff.account.staff_role is '役割。 | Role.';
comment on column staff.account.locale is '言語。 | Language. ja or en.';
comment on column staff.account.sql_login is 'SQL ログイン。 | SQL login. The database login of this person.';
comment on column staff.account.user_id is '画面の利用者。 | Screen user.';
comment on column staff.account.sees_all_shops is '全店舗を見る。 | Sees all shops.';
comment on column staff.account.sees_all_warehouses is '全倉庫を見る。 | Sees all warehouses.';
comment on column staff.account.created_at is '登録日時。 | Created at.';
comment on column staff.account.ended_at is '退職日時。入ると何もできない。 | Ended at. From then on it can do nothing.';
comment on column staff.account.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on column staff.account.theme is '明るさ。 | Brightness. auto, light or dark.';
comment on constraint account_theme_ck on staff.account is '明るさは auto、light、dark です。 | Brightness is auto, light or dark.';
comment on constraint account_login_uq on staff.account is 'このログイン名はすでに使われています。 | This login name is taken.';
comment on constraint account_sql_login_uq on staff.account is 'この SQL ログインはすでに使われています。 | This SQL login is taken.';
comment on constraint account_user_uq on staff.account is 'この利用者はすでに担当者です。 | This user is an account already.';
comment on constraint account_login_ck on staff.account is
    'ログイン名は英小文字、数字、_ . @ - で、61 文字までです。 | A login name has small letters, digits and _ . @ -, 61 at most.';
comment on constraint account_locale_ck on staff.account is '言語は ja か en です。 | The language is ja or en.';
insert into staff.account (login_name, display_name, staff_role, sees_all_shops, sees_all_warehouses)
values ('system', 'システム | System', 'system', true, true);

create table staff.account_shop (
    account_id bigint not null constraint account_shop_account_fk references staff.account on delete cascade,
    shop_id bigint not null constraint account_shop_shop_fk references channel.shop on delete cascade,
    constraint account_shop_pk primary key (account_id, shop_id)
);
comment on table staff.account_shop is '担当店舗。 | Shops of an account.';
comment on column staff.account_shop.account_id is '担当者。 | Account.';
comment on column staff.account_shop.shop_id is '店舗。 | Shop.';
create table staff.account_warehouse (
    account_id bigint not null constraint account_warehouse_account_fk references staff.account on delete cascade,
    warehouse_id bigint not null constraint account_warehouse_warehouse_fk references stock.warehouse on delete cascade,
    constraint account_warehouse_pk primary key (account_id, warehouse_id)
);
comment on table staff.account_warehouse is '担当倉庫。 | Warehouses of an account.';
comment on column staff.account_warehouse.account_id is '担当者。 | Account.';
comment on column staff.account_warehouse.warehouse_id is '倉庫。 | Warehouse.';

create table staff.audit_log (
    audit_log_id bigint generated always as identity primary key,
    changed_at timestamptz not null default clock_timestamp(),
    account_id bigint,
    login text not null,
    table_name text not null,
    action text not null,
    row_key jsonb not null,
    change jsonb not null,
    change_no bigint
);
comment on table staff.audit_log is '操作ログ。誰がいつ何をどう変えたか。個人情報は値を残さない。 | Audit log. Who changed what, when, from and to; of personal columns only that they changed.';
comment on column staff.audit_log.audit_log_id is '番号。 | Number. Given by Daicho.';
comment on column staff.audit_log.changed_at is '日時。 | Changed at.';
comment on column staff.audit_log.account_id is '操作者。 | Account.';
comment on column staff.audit_log.login is 'データベースのログイン。 | Database login.';
comment on column staff.audit_log.table_name is '表。 | Table.';
comment on column staff.audit_log.action is '操作。 | Action. insert, update or delete.';
comment on column staff.audit_log.row_key is '行の鍵。 | Row key.';
comment on column staff.audit_log.change is '変更。列ごとの前と後。 | Change. Before and after of each column.';
comment on column staff.audit_log.change_no is '変更番号。一つの取引、または一つの一括変更。 | Change no. One for a transaction, or for a whole bulk change.';
create index audit_log_change_ix on staff.audit_log (change_no, audit_log_id);
create sequence staff.change_seq;
comment on sequence staff.change_seq is '変更番号。 | Change numbers.';
create index audit_log_row_ix on staff.audit_log (table_name, row_key);
create index audit_log_changed_ix on staff.audit_log using brin (changed_at);

create table staff.retention_clock (
    retention_code base.code primary key,
    label base.bilingual not null,
    table_name text not null,
    keep interval not null,
    is_on boolean not null default true,
    constraint retention_keep_ck check (keep >= interval '1 day'),
    constraint retention_law_ck check ((retention_code = 'issued_document') <= (keep >= interval '7 years' and is_on))
);
comment on table staff.retention_clock is '保存期間。個人情報をいつまで持つか。 | Retention clock. How long personal data is kept.';
comment on column staff.retention_clock.retention_code is 'コード。 | Code. Stable for ever.';
comment on column staff.retention_clock.label is '名称。 | Name.';
comment on column staff.retention_clock.table_name is '表。 | Table.';
comment on column staff.retention_clock.keep is '期間。 | Keep.';
comment on column staff.retention_clock.is_on is '有効。 | On.';
comment on constraint retention_keep_ck on staff.retention_clock is '保存期間は 1 日以上です。 | A retention is one day or more.';
comment on constraint retention_law_ck on staff.retention_clock is '請求書などの保存期間は法律により 7 年以上で、止められません。 | Invoices are kept for seven years or more by law, and this clock cannot be stopped.';
insert into staff.retention_clock values
    ('order_party', '受注の個人情報。出荷かキャンセルから。 | Personal data of orders, from shipment or cancel', 'sales.sales_order_party', '3 years', true),
    ('customer_party', '顧客の個人情報。最後の受注から。 | Personal data of customers, from their last order', 'customer.customer_party', '3 years', true),
    ('quotation_party', '見積の宛先。見積日から。 | Addressees of quotations, from their day', 'sales.quotation_party', '3 years', true),
    ('message_body', '受信の本文。受信から。 | Bodies of messages, from receipt', 'transit.message', '90 days', true),
    ('mail_body', 'メールの宛先と本文。作成から。 | Addresses and texts of mails, from their making', 'mail.mail_party', '1 year', true),
    ('inquiry_body', '問い合わせの本文。最後のメールから。 | Texts of inquiries, from their last mail', 'mail.inquiry_message_party', '1 year', true),
    ('issued_document', '請求書、領収書、返還請求書。発行した年度の末日の二か月後から。 | Invoices, receipts and return invoices, from two months after the fiscal year of issue', 'document.issued_party', '7 years', true);

create table staff.check_run (
    check_name text primary key,
    ran_at timestamptz not null,
    findings bigint not null,
    duration_ms integer not null,
    changed_at timestamptz not null
);
comment on table staff.check_run is '検査の結果。検査ごとに最後の一回。 | Check run. The last run of each check.';
comment on column staff.check_run.check_name is '検査。 | Check. The name of its view.';
comment on column staff.check_run.ran_at is '実行日時。 | Ran at.';
comment on column staff.check_run.findings is '見つかった数。0 が正しい。 | Findings. 0 is right.';
comment on column staff.check_run.duration_ms is '時間（ミリ秒）。 | Duration in ms.';
comment on column staff.check_run.changed_at is '変化日時。数が変わった時。 | Changed at. When the number of findings last changed.';

create table staff.list_layout (
    account_id bigint not null constraint list_layout_account_fk references staff.account on delete cascade,
    relation text not null,
    columns text[] not null,
    constraint list_layout_pk primary key (account_id, relation),
    constraint list_layout_columns_ck check (cardinality(columns) <= 40)
);
comment on table staff.list_layout is '一覧の列。各自が選んだ列。 | List layout. The columns that each person chose.';
comment on column staff.list_layout.account_id is '担当者。 | Account.';
comment on column staff.list_layout.relation is '表。 | Table.';
comment on column staff.list_layout.columns is '列。左から。空なら標準。 | Columns. From the left; empty for the standard ones.';
comment on constraint list_layout_columns_ck on staff.list_layout is '列は 40 個までです。 | 40 columns at most.';
