comment on schema base is '基本。通貨、設定、エラー番号。 | Base. Currencies, settings, error codes.';
comment on schema catalog is '商品。商品、SKU、セット。 | Catalog. Products, SKUs, bundles.';
comment on schema channel is '店舗。チャネル、店舗、出品。 | Channel. Channels, shops, listings.';
comment on schema customer is '顧客。本人と手がかり。 | Customer. Persons and their identities.';
comment on schema sales is '受注。伝票、明細、保留、入金。 | Sales. Orders, lines, holds, payments.';
comment on schema stock is '在庫。台帳、残高、倉庫。 | Stock. The ledger, balances, warehouses.';
comment on schema shipping is '出荷。運送会社、荷物。 | Shipping. Carriers, shipments.';
comment on schema mail is 'メール。ひな形、規則、送ったメール、問い合わせ。 | Mail. Templates, rules, mails sent, inquiries.';
comment on schema document is '帳票。納品書やピッキングリスト。 | Document. Delivery notes, picking lists.';
comment on schema transit is '送受信。届いたものと送るもの。 | Transit. What came in and what is to go out.';
comment on schema staff is '担当者。役割、操作ログ、保存期間。 | Staff. Accounts, audit log, retention.';
comment on schema report is '集計。外に約束したビュー。列は末尾にだけ増える。 | Report. The views that are promised to stay; columns are added at their end.';
comment on schema access is '権限。誰が何を見てよいか。 | Access. Who may see what.';
comment on schema own is '自店の表。更新で変わらない。 | Own. The shops own tables, which no update touches.';
create domain base.bilingual as text
    constraint bilingual_form_ck check (length(value) between 1 and 4000 and value !~ '[[:cntrl:]]');
comment on domain base.bilingual is
    '二言語の文。日本語、縦棒、英語の順。片方だけでもよい。 | Bilingual text. Japanese, a bar, English; one language alone serves both.';
comment on constraint bilingual_form_ck on domain base.bilingual is
    '1〜4000 文字で、改行などの制御文字は使えません。 | It has 1 to 4000 characters and no control characters such as line breaks.';
create domain base.code as text
    constraint code_form_ck check (value ~ '^[a-z0-9][a-z0-9_.-]{0,62}$');
comment on domain base.code is 'コード。小文字、一度決めたら変えない。 | Code. Lower case, stable for ever.';
comment on constraint code_form_ck on domain base.code is
    'コードは英小文字か数字で始まる、英小文字・数字・_ . - の 63 文字までです。 | A code begins with a small letter or digit and has small letters, digits and _ . -, 63 at most.';
create domain base.money as numeric
    constraint money_size_ck check (value between -1e15 and 1e15 and value = round(value, 4));
comment on domain base.money is '金額。書類の通貨で、小数は四桁まで。 | Money. In the currency of its document, four decimals at most.';
comment on constraint money_size_ck on domain base.money is
    '金額は千兆までで、小数は四桁までです。 | An amount is within 10 to the 15th and has four decimals at most.';

create table base.currency (
    currency_code text primary key,
    label base.bilingual not null,
    decimals smallint not null,
    constraint currency_code_ck check (currency_code ~ '^[A-Z]{3}$'),
    constraint currency_decimals_ck check (decimals between 0 and 4)
);
comment on table base.currency is '通貨。ISO 4217 の通貨と小数の桁数。 | Currency. ISO 4217 currencies and their decimals.';
comment on column base.currency.currency_code is '通貨コード。ISO 4217 の三文字。 | Currency code. Three letters of ISO 4217.';
comment on column base.currency.label is '名称。画面に出る名前。 | Name. As screens show it.';
comment on column base.currency.decimals is '小数桁数。円は 0。 | Decimals. 0 for yen.';
comment on constraint currency_code_ck on base.currency is
    '通貨コードは大文字三文字です（例 JPY）。 | A currency code is three capital letters, such as JPY.';
comment on constraint currency_decimals_ck on base.currency is '小数桁数は 0 から 4 です。 | Decimals are 0 to 4.';
insert into base.currency (currency_code, label, decimals) values
    ('JPY', '日本円 | Japanese yen', 0), ('USD', '米ドル | US dollar', 2), ('EUR', 'ユーロ | Euro', 2),
    ('GBP', '英ポンド | Pound sterling', 2), ('CNY', '人民元 | Renminbi', 2), ('TWD', '台湾ドル | New Taiwan dollar', 2),
    ('KRW', '韓国ウォン | South Korean won', 0), ('HKD', '香港ドル | Hong Kong dollar', 2), ('SGD', 'シンガポールドル | Singapore dollar', 2),
    ('AUD', '豪ドル | Australian dollar', 2), ('CAD', 'カナダドル | Canadian dollar', 2), ('THB', 'タイバーツ | Thai baht', 2);

create table base.exchange_rate (
    currency_code text not null constraint exchange_rate_currency_fk references base.currency,
    valid_on date not null,
    rate numeric not null,
    constraint exchange_rate_pk primary key (currency_code, valid_on),
    constraint exchange_rate_rate_ck check (rate > 0)
);
comment on table base.exchange_rate is
    '為替レート。その日から次の行まで有効。受注の基準通貨額は受付時のレートで固定。 | Exchange rate. Valid from its day until the next row; an order''s base amount is fixed on acceptance.';
comment on column base.exchange_rate.currency_code is '通貨コード。 | Currency code. Of the foreign money.';
comment on column base.exchange_rate.valid_on is '適用開始日。 | Valid from. First day of this rate.';
comment on column base.exchange_rate.rate is 'レート。外貨一単位が基準通貨でいくらか。 | Rate. Base money for one unit of the foreign.';
comment on constraint exchange_rate_rate_ck on base.exchange_rate is 'レートは 0 より大きい数です。 | A rate is greater than 0.';

create table base.setting (
    setting_code base.code primary key,
    label base.bilingual not null,
    value jsonb not null
);
comment on table base.setting is '設定。店全体で一つの値。 | Setting. One value for the whole house.';
comment on column base.setting.setting_code is '設定コード。 | Setting code. Stable for ever.';
comment on column base.setting.label is '名称。 | Name. What the setting means.';
comment on column base.setting.value is '値。 | Value. As JSON.';
insert into base.setting (setting_code, label, value) values
    ('base_currency', '基準通貨。集計はこの通貨で行う。 | Base currency. Reports sum in it.', '"JPY"'),
    ('time_zone', '時間帯。日付の区切り。 | Time zone. Where days begin.', '"Asia/Tokyo"'),
    ('public_url', '外から開けるこのシステムのアドレス（例 https://daicho.example.com）。メールの配信停止の先に使う。 | The address at which the world reaches this system, such as https://daicho.example.com. Mails link to it to unsubscribe.', '""'),
    ('ship_lead_days', '出荷から到着までの日数。お届け希望日から逆算する。 | Days from shipment to arrival. Counted back from the requested day.', '2');

create table base.error (
    sqlstate text primary key,
    label base.bilingual not null,
    constraint error_sqlstate_ck check (sqlstate ~ '^DC[0-9]{3}$')
);
comment on table base.error is 'エラー番号。データベースが断る理由の一覧。 | Error code. The reasons for which the database refuses.';
comment on column base.error.sqlstate is '番号。DC と三桁。 | Code. DC and three digits.';
comment on column base.error.label is '意味。 | Meaning. What the refusal says.';
comment on constraint error_sqlstate_ck on base.error is '番号は DC と数字三桁です。 | A code is DC and three digits.';
insert into base.error (sqlstate, label) values
    ('DC001', '台帳は変更も削除もできません。 | A ledger row cannot be changed or removed.'),
    ('DC002', '数量が範囲外です。 | A quantity is out of range.'),
    ('DC003', '必要な値がありません。 | A value is missing.'),
    ('DC010', '今の状態ではできません。 | Not possible in the present state.'),
    ('DC011', '在庫が足りません。 | Not enough stock.'),
    ('DC012', '他の人が先に変更しました。 | Somebody else changed it first.'),
    ('DC020', '送信が止められています。 | Sending is switched off.'),
    ('DC030', '条件が読めません。 | A condition cannot be understood.'),
    ('DC403', 'この操作の権限がありません。 | You may not do this.'),
    ('DC404', '見つかりません。 | It is not there.');

create table base.version (
    part text primary key,
    digest text not null,
    loaded_at timestamptz not null default now()
);
comment on table base.version is 'スキーマの版。読み込んだ部品と適用済みの移行。 | Schema version. Loaded parts and applied migrations.';
comment on column base.version.part is '部品。移行またはファイルの名前。 | Part. Name of the migration or file.';
comment on column base.version.digest is '要約値。内容の SHA-256。 | Digest. SHA-256 of its text.';
comment on column base.version.loaded_at is '読込日時。 | Loaded at. When it was applied.';
