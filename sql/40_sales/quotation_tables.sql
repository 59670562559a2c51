create table sales.quotation_state (
    state base.code primary key,
    label base.bilingual not null,
    rank smallint not null
);
comment on table sales.quotation_state is '見積の状態。 | Quotation state.';
comment on column sales.quotation_state.state is 'コード。 | Code. Stable for ever.';
comment on column sales.quotation_state.label is '名称。 | Name.';
comment on column sales.quotation_state.rank is '順。 | Rank. In which screens list it.';
insert into sales.quotation_state values
    ('draft', '下書き | Draft', 10), ('sent', '送付済み | Sent', 20), ('accepted', '成約 | Accepted', 30), ('declined', '見送り | Declined', 40);

create table sales.quotation (
    quotation_id bigint generated always as identity primary key,
    shop_id bigint not null constraint quotation_shop_fk references channel.shop,
    customer_id bigint constraint quotation_customer_fk references customer.customer,
    state base.code not null default 'draft' constraint quotation_state_fk references sales.quotation_state,
    issued_on date,
    valid_until date,
    made_at timestamptz not null default now(),
    account_id bigint,
    tax_inclusive boolean not null default false,
    tax_rounding text,
    currency_code text not null default 'JPY' constraint quotation_currency_fk references base.currency,
    total base.money,
    delivery_terms text not null default '',
    payment_terms text not null default '',
    version integer not null default 1,
    quotation_no text not null generated always as ('Q-' || lpad(quotation_id::text, 7, '0')) stored,
    constraint quotation_sent_ck check (
        (state = 'draft') = (issued_on is null) and (state = 'draft') = (total is null) and (state = 'draft') = (tax_rounding is null)
    ),
    constraint quotation_valid_ck check (valid_until >= issued_on),
    constraint quotation_rounding_ck check (tax_rounding in ('down', 'half_up', 'up')),
    constraint quotation_terms_ck check (
        length(delivery_terms) <= 500 and length(payment_terms) <= 500 and delivery_terms || payment_terms !~ '[[:cntrl:]]'
    )
);
comment on table sales.quotation is '見積。送るまでは下書きで、送ったものは変えない。 | Quotation. A draft until it is sent; what was sent is not changed.';
comment on column sales.quotation.quotation_id is '番号。 | Number. Given by Daicho.';
comment on column sales.quotation.shop_id is '店舗。 | Shop.';
comment on column sales.quotation.customer_id is '顧客。入れると、宛先に写される。 | Customer. Where one is given, the addressee is taken from it.';
comment on column sales.quotation.state is '状態。 | State.';
comment on column sales.quotation.issued_on is '見積日。送った日。 | Issued on. The day on which it was sent.';
comment on column sales.quotation.valid_until is '有効期限。 | Valid until.';
comment on column sales.quotation.made_at is '作成日時。 | Made at.';
comment on column sales.quotation.account_id is '作成者。 | Made by.';
comment on column sales.quotation.tax_inclusive is '税込。単価が税込か。 | Tax inclusive. Whether prices hold the tax.';
comment on column sales.quotation.tax_rounding is '消費税の端数。送ったときの設定。 | Rounding of tax. As the setting was when it was sent.';
comment on column sales.quotation.currency_code is '通貨。 | Currency. Of all amounts here.';
comment on column sales.quotation.total is '合計。送ったときの税込の額。 | Total. With tax, as it was sent.';
comment on column sales.quotation.delivery_terms is '納期。たとえば、ご注文から二週間。 | Delivery. Such as: two weeks from your order.';
comment on column sales.quotation.payment_terms is '支払条件。たとえば、月末締め翌月末払い。 | Payment terms. Such as: thirty days from the invoice.';
comment on column sales.quotation.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on column sales.quotation.quotation_no is '見積番号。 | Quotation no.';
comment on constraint quotation_sent_ck on sales.quotation is '見積日、合計、端数のまとめ方は、送った見積だけにあります。 | A day, a total and a way of rounding have those that were sent, and all of them.';
comment on constraint quotation_valid_ck on sales.quotation is '有効期限は見積日より前にできません。 | A quotation is valid until its own day or later.';
comment on constraint quotation_rounding_ck on sales.quotation is '端数は down、half_up、up のどれかです。 | Tax is rounded down, half_up or up.';
comment on constraint quotation_terms_ck on sales.quotation is '納期と支払条件は 500 文字までで、改行などの制御文字は書けません。 | Terms have 500 characters at most and no control characters.';
create index quotation_shop_ix on sales.quotation (shop_id, quotation_id desc);
create index quotation_customer_ix on sales.quotation (customer_id);
create index quotation_open_ix on sales.quotation (valid_until) where state = 'sent';

create table sales.quotation_party (
    quotation_id bigint primary key constraint quotation_party_quotation_fk references sales.quotation,
    company text,
    person_name text,
    postal_code text,
    region text,
    address_line1 text,
    address_line2 text,
    phone text,
    email text,
    note text,
    forgotten_at timestamptz,
    version integer not null default 1,
    constraint quotation_party_name_ck check (length(company) <= 200 and length(person_name) <= 200 and coalesce(company, '') || coalesce(person_name, '') !~ '[[:cntrl:]]'),
    constraint quotation_party_address_ck check (
        length(postal_code) <= 20 and length(region) <= 400 and length(address_line1) <= 400 and length(address_line2) <= 400
        and coalesce(postal_code, '') || coalesce(region, '') || coalesce(address_line1, '') || coalesce(address_line2, '') !~ '[[:cntrl:]]'
    ),
    constraint quotation_party_reach_ck check (length(phone) <= 50 and length(email) <= 320 and coalesce(phone, '') || coalesce(email, '') !~ '[[:cntrl:]]'),
    constraint quotation_party_note_ck check (length(note) <= 4000 and translate(note, E'\n\r\t', '') !~ '[[:cntrl:]]')
);
comment on table sales.quotation_party is '見積の宛先。個人情報。 | Addressee of a quotation. Personal data.';
comment on column sales.quotation_party.quotation_id is '見積。 | Quotation.';
comment on column sales.quotation_party.company is '会社名。御中が付く。@pii | Company. @pii';
comment on column sales.quotation_party.person_name is '担当者名。様が付く。@pii | Person. @pii';
comment on column sales.quotation_party.postal_code is '郵便番号。@pii | Postal code. @pii';
comment on column sales.quotation_party.region is '都道府県。@pii | Region. @pii';
comment on column sales.quotation_party.address_line1 is '住所。@pii | Address. @pii';
comment on column sales.quotation_party.address_line2 is '建物。@pii | Building. @pii';
comment on column sales.quotation_party.phone is '電話。@pii | Phone. @pii';
comment on column sales.quotation_party.email is 'メール。@pii | Mail. @pii';
comment on column sales.quotation_party.note is '備考。見積書に載る。@pii @multiline | Note. Stands on the quotation. @pii @multiline';
comment on column sales.quotation_party.forgotten_at is '消去日時。 | Forgotten at. When the personal data was deleted.';
comment on column sales.quotation_party.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint quotation_party_name_ck on sales.quotation_party is '会社名と担当者名は 200 文字までで、改行などの制御文字は書けません。 | Company and person have 200 characters at most and no control characters.';
comment on constraint quotation_party_address_ck on sales.quotation_party is '郵便番号は 20、住所は 400 文字までで、改行などの制御文字は書けません。 | Postal code 20 and address 400 characters at most, without control characters.';
comment on constraint quotation_party_reach_ck on sales.quotation_party is '電話は 50、メールは 320 文字までで、改行などの制御文字は書けません。 | Phone 50 and mail 320 characters at most, without control characters.';
comment on constraint quotation_party_note_ck on sales.quotation_party is '備考は 4,000 文字までで、改行とタブのほかの制御文字は書けません。 | A note has 4,000 characters at most; but for line breaks and tabs no control characters.';

create table sales.quotation_line (
    quotation_line_id bigint generated always as identity primary key,
    quotation_id bigint not null constraint quotation_line_quotation_fk references sales.quotation,
    line_no integer not null default 0,
    sku_id bigint constraint quotation_line_sku_fk references catalog.sku,
    line_title text not null default '',
    quantity integer not null default 1,
    unit_price base.money not null,
    tax_rate numeric(5, 4) not null default 0.1,
    amount base.money not null generated always as (unit_price * quantity) stored,
    constraint quotation_line_no_uq unique (quotation_id, line_no),
    constraint quotation_line_no_ck check (line_no between 1 and 100000),
    constraint quotation_line_title_ck check (length(line_title) <= 500 and btrim(line_title, E' \t\u3000') <> '' and line_title !~ '[[:cntrl:]]'),
    constraint quotation_line_quantity_ck check (quantity between 1 and 10000000),
    constraint quotation_line_tax_rate_ck check (tax_rate between 0 and 1)
);
comment on table sales.quotation_line is '見積明細。 | Quotation line.';
comment on column sales.quotation_line.quotation_line_id is '番号。 | Number. Given by Daicho.';
comment on column sales.quotation_line.quotation_id is '見積。 | Quotation.';
comment on column sales.quotation_line.line_no is '行番号。空なら次の番号。 | Line no. The next one when empty.';
comment on column sales.quotation_line.sku_id is 'SKU。商品にないものは空にして品名を書く。 | SKU. Empty for what is none, which has a title.';
comment on column sales.quotation_line.line_title is '品名。空なら SKU 名。 | Title. The name of the SKU when empty.';
comment on column sales.quotation_line.quantity is '数量。 | Quantity.';
comment on column sales.quotation_line.unit_price is '単価。値引は負の数。 | Unit price. Negative for what is taken off.';
comment on column sales.quotation_line.tax_rate is '税率。 | Tax rate.';
comment on column sales.quotation_line.amount is '金額。 | Amount.';
comment on constraint quotation_line_no_uq on sales.quotation_line is '同じ行番号の明細がすでにあります。 | A line of that number is there already.';
comment on constraint quotation_line_no_ck on sales.quotation_line is '行番号は 1〜100,000 です。 | A line no. is 1 to 100,000.';
comment on constraint quotation_line_title_ck on sales.quotation_line is '明細には SKU か、500 文字までの品名を入れます。改行などの制御文字は書けません。 | A line has a SKU, or a title of 500 characters at most without control characters.';
comment on constraint quotation_line_quantity_ck on sales.quotation_line is '数量は 1〜10,000,000 です。 | A quantity is 1 to 10,000,000.';
comment on constraint quotation_line_tax_rate_ck on sales.quotation_line is '税率は 0 から 1 の間で、10 % は 0.1 と書きます。 | A tax rate is between 0 and 1; 10 % is 0.1.';
create index quotation_line_sku_ix on sales.quotation_line (sku_id);
