create table sales.order_status (
    status base.code primary key,
    label base.bilingual not null,
    rank smallint not null
);
comment on table sales.order_status is '受注の状態。一つの受注に一つ。 | Order status. One for each order.';
comment on column sales.order_status.status is 'コード。 | Code. Stable for ever.';
comment on column sales.order_status.label is '名称。 | Name.';
comment on column sales.order_status.rank is '順。 | Rank. In which screens list it.';
insert into sales.order_status values
    ('received', '新規受付 | Received', 10), ('on_hold', '確認待ち | On hold', 20), ('awaiting_payment', '入金待ち | Awaiting payment', 30),
    ('awaiting_stock', '引当待ち | Awaiting stock', 40), ('awaiting_release', '発売日待ち | Awaiting release date', 50),
    ('scheduled', '出荷日待ち | Scheduled', 60), ('ready_to_ship', '出荷可能 | Ready to ship', 70),
    ('in_fulfilment', '出荷作業中 | In fulfilment', 80), ('shipped', '出荷済み | Shipped', 90), ('cancelled', 'キャンセル | Cancelled', 100);

create table sales.payment_method (
    payment_method base.code primary key,
    label base.bilingual not null,
    waits boolean not null
);
comment on table sales.payment_method is '支払方法。 | Payment. How it is paid.';
comment on column sales.payment_method.payment_method is 'コード。 | Code. Stable for ever.';
comment on column sales.payment_method.label is '名称。 | Name.';
comment on column sales.payment_method.waits is '入金を待つ。 | Waits. Not shipped before it is paid.';
insert into sales.payment_method values
    ('card', 'クレジットカード | Card', true), ('convenience_store', 'コンビニ決済 | Conv. store', true),
    ('bank_transfer', '銀行振込 | Bank transfer', true), ('cod', '代金引換 | COD', false),
    ('deferred', '後払い | Deferred', false), ('points', 'ポイント全額 | Points alone', false), ('credit_sale', '掛売 | Credit sale', false),
    ('other', 'その他 | Other', true);

create table sales.cancel_reason (
    cancel_reason base.code primary key,
    label base.bilingual not null
);
comment on table sales.cancel_reason is 'キャンセル区分。 | Cancel reason.';
comment on column sales.cancel_reason.cancel_reason is 'コード。 | Code. Stable for ever.';
comment on column sales.cancel_reason.label is '名称。 | Name.';
insert into sales.cancel_reason values
    ('buyer', 'お客様都合 | Buyer''s wish'), ('shop', '店舗側でキャンセル | Cancelled at the shop'), ('out_of_stock', '在庫切れ | Out of stock'),
    ('not_paid', '未入金 | Not paid'), ('duplicate', '重複注文 | Duplicate'), ('suspicious', '不審な注文 | Suspicious'), ('other', 'その他 | Other');

create table sales.sales_order (
    sales_order_id bigint generated always as identity primary key,
    shop_id bigint not null constraint sales_order_shop_fk references channel.shop,
    warehouse_id bigint not null,
    customer_id bigint constraint sales_order_customer_fk references customer.customer,
    first_message_id bigint not null,
    changed_at timestamptz not null,
    ordered_at timestamptz not null,
    accepted_at timestamptz not null default now(),
    paid_at timestamptz,
    shipped_at timestamptz,
    cancelled_at timestamptz,
    ship_not_before date,
    requested_delivery_on date,
    revision integer not null default 1,
    is_history boolean not null default false,
    is_gift boolean not null default false,
    tax_inclusive boolean not null default true,
    has_buyer_note boolean not null default false,
    is_recipient_complete boolean not null default true,
    draft_digest uuid not null,
    item_total base.money not null,
    shipping_fee base.money not null,
    fee_total base.money not null,
    discount_total base.money not null,
    points_used base.money not null,
    tax_total base.money,
    total base.money,
    total_computed base.money not null,
    total_base base.money,
    status base.code not null constraint sales_order_status_fk references sales.order_status,
    payment_method base.code not null constraint sales_order_payment_method_fk references sales.payment_method,
    cancel_reason base.code constraint sales_order_cancel_reason_fk references sales.cancel_reason,
    currency_code text not null constraint sales_order_currency_fk references base.currency,
    external_order_no text not null,
    delivery_time_slot text,
    order_no text not null generated always as ('D' || lpad(sales_order_id::text, 8, '0')) stored,
    constraint sales_order_external_uq unique (shop_id, external_order_no),
    constraint sales_order_external_ck check (length(external_order_no) between 1 and 200),
    constraint sales_order_slot_ck check (length(delivery_time_slot) <= 100 and delivery_time_slot !~ '[[:cntrl:]]'),
    constraint sales_order_sum_ck check (total_computed = item_total + shipping_fee + fee_total - discount_total - points_used
        + case when tax_inclusive then 0 else coalesce(tax_total, 0) end),
    constraint sales_order_end_ck check (cancelled_at is null or shipped_at is null),
    constraint sales_order_cancel_ck check ((cancel_reason is null) = (cancelled_at is null)),
    constraint sales_order_ended_status_ck check (
        (status = 'cancelled') = (cancelled_at is not null) and (status = 'shipped') = (shipped_at is not null)
    )
);
comment on table sales.sales_order is '受注。全店舗の受注伝票。個人情報は別表。 | Sales order. The slips of all shops; personal data stands apart.';
comment on column sales.sales_order.sales_order_id is '番号。 | Number. Given by Daicho.';
comment on column sales.sales_order.shop_id is '店舗。 | Shop.';
comment on column sales.sales_order.warehouse_id is '倉庫。出荷元。 | Warehouse. Where it ships from.';
comment on column sales.sales_order.customer_id is '顧客。 | Customer.';
comment on column sales.sales_order.first_message_id is '到着順。この受注を最初に伝えた通信。引当はこの順。 | Arrival. The first message that named it; reservations follow this order.';
comment on column sales.sales_order.changed_at is '店舗側の更新日時。 | Changed at the shop.';
comment on column sales.sales_order.ordered_at is '受注日時。 | Ordered at.';
comment on column sales.sales_order.accepted_at is '取込日時。 | Accepted at. When Daicho took it in.';
comment on column sales.sales_order.paid_at is '入金日時。 | Paid at.';
comment on column sales.sales_order.shipped_at is '出荷日時。 | Shipped at.';
comment on column sales.sales_order.cancelled_at is 'キャンセル日時。 | Cancelled at.';
comment on column sales.sales_order.ship_not_before is '出荷予定日。この日まで出荷しない。 | Ship not before. Waits until this day.';
comment on column sales.sales_order.requested_delivery_on is 'お届け希望日。 | Requested delivery date.';
comment on column sales.sales_order.revision is '改訂。店舗から変更が来るたびに増える。 | Revision. Grows with each change from the shop.';
comment on column sales.sales_order.is_history is '過去受注。在庫、送信、メールを動かさない。 | History. Moves no stock, sends nothing.';
comment on column sales.sales_order.is_gift is 'ギフト。 | Gift.';
comment on column sales.sales_order.tax_inclusive is '税込。単価が税込か。 | Tax inclusive. Whether prices hold the tax.';
comment on column sales.sales_order.has_buyer_note is '備考あり。 | Has a buyer note.';
comment on column sales.sales_order.is_recipient_complete is '届け先がそろっている。 | Recipient complete.';
comment on column sales.sales_order.draft_digest is '取込内容の要約。同じ要約が来ても何も変わらない。 | Digest. Of the draft last taken over; the same again changes nothing.';
comment on column sales.sales_order.item_total is '商品計。明細の和。 | Item total. The sum of its lines.';
comment on column sales.sales_order.shipping_fee is '送料。料金の行の和。 | Shipping fee. The sum of its fee rows.';
comment on column sales.sales_order.fee_total is '手数料計。送料を除く料金の行の和。 | Fees. The sum of its fee rows, without shipping.';
comment on column sales.sales_order.discount_total is '値引計。引く額を正の数で。 | Discounts. As a positive amount taken off.';
comment on column sales.sales_order.points_used is 'ポイント利用。引く額を正の数で。 | Points used. As a positive amount taken off.';
comment on column sales.sales_order.tax_total is '消費税。 | Tax.';
comment on column sales.sales_order.total is '合計。店舗が請求した額。空は未確定。 | Total. What the shop charged; empty while it is not fixed.';
comment on column sales.sales_order.total_computed is '計算合計。明細と料金からの自社計算。 | Computed total. Our own sum of lines and fees.';
comment on column sales.sales_order.total_base is '基準通貨の合計。受付時のレートで固定。 | Total in base money. At the rate on acceptance.';
comment on column sales.sales_order.status is '状態。事実から導かれ、検査が見比べる。 | Status. Derived from facts; a check compares it.';
comment on column sales.sales_order.payment_method is '支払方法。 | Payment. How it is paid.';
comment on column sales.sales_order.cancel_reason is 'キャンセル区分。 | Cancel reason.';
comment on column sales.sales_order.currency_code is '通貨。 | Currency. Of all amounts here.';
comment on column sales.sales_order.external_order_no is '受注番号。店舗側の番号。 | External order no. As the shop knows it.';
comment on column sales.sales_order.delivery_time_slot is 'お届け時間帯。 | Delivery time slot.';
comment on column sales.sales_order.order_no is '伝票番号。社内の番号。 | Slip no. Of this house.';
comment on constraint sales_order_external_uq on sales.sales_order is 'この店舗の同じ受注番号はすでに取り込まれています。 | This shop''s order of that number is here already.';
comment on constraint sales_order_slot_ck on sales.sales_order is 'お届け時間帯は 100 文字までで、改行などの制御文字は書けません。 | A delivery time slot has 100 characters at most and no control characters.';
comment on constraint sales_order_external_ck on sales.sales_order is '受注番号は 1〜200 文字です。 | An external order no. has 1 to 200 characters.';
comment on constraint sales_order_sum_ck on sales.sales_order is '計算合計は、商品計、送料、手数料計の和から値引計とポイント利用を引き、外税なら消費税を足した額です。 | The computed total is items, shipping and fees less discounts and points, with the tax added where prices are without it.';
comment on constraint sales_order_end_ck on sales.sales_order is '出荷済みの受注はキャンセルにできません。返品で処理します。 | A shipped order cannot be cancelled; use a return.';
comment on constraint sales_order_cancel_ck on sales.sales_order is 'キャンセル日時とキャンセル区分は一緒に入ります。 | Cancel time and reason go together.';
comment on constraint sales_order_ended_status_ck on sales.sales_order is '状態と出荷・キャンセルの日時が合いません。 | Status and the times of shipment or cancel disagree.';
create index sales_order_ordered_ix on sales.sales_order (ordered_at desc, sales_order_id desc);
create index sales_order_status_ix on sales.sales_order (status, ordered_at desc, sales_order_id desc);
create index sales_order_shop_ix on sales.sales_order (shop_id, ordered_at desc, sales_order_id desc);
create index sales_order_shipped_ix on sales.sales_order (shipped_at) where shipped_at is not null;
create index sales_order_customer_ix on sales.sales_order (customer_id);
create index sales_order_open_ix on sales.sales_order (warehouse_id, first_message_id) where shipped_at is null and cancelled_at is null and not is_history;

create table sales.sales_order_party (
    sales_order_id bigint primary key constraint sales_order_party_order_fk references sales.sales_order,
    buyer_name text,
    buyer_kana text,
    buyer_email text,
    buyer_phone text,
    buyer_postal_code text,
    buyer_country_code text,
    buyer_region text,
    buyer_address_line1 text,
    buyer_address_line2 text,
    buyer_company text,
    recipient_name text,
    recipient_kana text,
    recipient_phone text,
    recipient_postal_code text,
    recipient_country_code text,
    recipient_region text,
    recipient_address_line1 text,
    recipient_address_line2 text,
    recipient_company text,
    buyer_note text,
    staff_note text,
    draft_party_digest uuid,
    forgotten_at timestamptz,
    version integer not null default 1,
    constraint sales_order_party_buyer_name_ck check (length(buyer_name) <= 200 and buyer_name !~ '[[:cntrl:]]'),
    constraint sales_order_party_buyer_kana_ck check (length(buyer_kana) <= 200 and buyer_kana !~ '[[:cntrl:]]'),
    constraint sales_order_party_buyer_email_ck check (length(buyer_email) <= 320 and buyer_email !~ '[[:cntrl:]]'),
    constraint sales_order_party_buyer_phone_ck check (length(buyer_phone) <= 50 and buyer_phone !~ '[[:cntrl:]]'),
    constraint sales_order_party_buyer_postal_code_ck check (length(buyer_postal_code) <= 20 and buyer_postal_code !~ '[[:cntrl:]]'),
    constraint sales_order_party_buyer_country_code_ck check (length(buyer_country_code) <= 100 and buyer_country_code !~ '[[:cntrl:]]'),
    constraint sales_order_party_buyer_region_ck check (length(buyer_region) <= 400 and buyer_region !~ '[[:cntrl:]]'),
    constraint sales_order_party_buyer_address_line1_ck check (length(buyer_address_line1) <= 400 and buyer_address_line1 !~ '[[:cntrl:]]'),
    constraint sales_order_party_buyer_address_line2_ck check (length(buyer_address_line2) <= 400 and buyer_address_line2 !~ '[[:cntrl:]]'),
    constraint sales_order_party_buyer_company_ck check (length(buyer_company) <= 200 and buyer_company !~ '[[:cntrl:]]'),
    constraint sales_order_party_recipient_name_ck check (length(recipient_name) <= 200 and recipient_name !~ '[[:cntrl:]]'),
    constraint sales_order_party_recipient_kana_ck check (length(recipient_kana) <= 200 and recipient_kana !~ '[[:cntrl:]]'),
    constraint sales_order_party_recipient_phone_ck check (length(recipient_phone) <= 50 and recipient_phone !~ '[[:cntrl:]]'),
    constraint sales_order_party_recipient_postal_code_ck check (length(recipient_postal_code) <= 20 and recipient_postal_code !~ '[[:cntrl:]]'),
    constraint sales_order_party_recipient_country_code_ck check (length(recipient_country_code) <= 100 and recipient_country_code !~ '[[:cntrl:]]'),
    constraint sales_order_party_recipient_region_ck check (length(recipient_region) <= 400 and recipient_region !~ '[[:cntrl:]]'),
    constraint sales_order_party_recipient_address_line1_ck check (length(recipient_address_line1) <= 400 and recipient_address_line1 !~ '[[:cntrl:]]'),
    constraint sales_order_party_recipient_address_line2_ck check (length(recipient_address_line2) <= 400 and recipient_address_line2 !~ '[[:cntrl:]]'),
    constraint sales_order_party_recipient_company_ck check (length(recipient_company) <= 200 and recipient_company !~ '[[:cntrl:]]'),
    constraint sales_order_party_buyer_note_ck check (length(buyer_note) <= 10000 and translate(buyer_note, E'\n\r\t', '') !~ '[[:cntrl:]]'),
    constraint sales_order_party_staff_note_ck check (length(staff_note) <= 10000 and translate(staff_note, E'\n\r\t', '') !~ '[[:cntrl:]]')
);
comment on table sales.sales_order_party is '受注の個人情報。購入者、届け先、備考。 | Personal data of an order. Buyer, recipient, notes.';
comment on column sales.sales_order_party.sales_order_id is '受注。 | Order.';
comment on column sales.sales_order_party.buyer_name is '購入者名。@pii | Buyer. @pii';
comment on column sales.sales_order_party.buyer_kana is '購入者フリガナ。@pii | Buyer kana. @pii';
comment on column sales.sales_order_party.buyer_email is '購入者メール。@pii | Buyer mail. @pii';
comment on column sales.sales_order_party.buyer_phone is '購入者電話。@pii | Buyer phone. @pii';
comment on column sales.sales_order_party.buyer_postal_code is '購入者郵便番号。@pii | Buyer postal code. @pii';
comment on column sales.sales_order_party.buyer_country_code is '購入者の国。 | Buyer country.';
comment on column sales.sales_order_party.buyer_region is '購入者都道府県。@pii | Buyer region. @pii';
comment on column sales.sales_order_party.buyer_address_line1 is '購入者住所。@pii | Buyer address. @pii';
comment on column sales.sales_order_party.buyer_address_line2 is '購入者建物。@pii | Buyer building. @pii';
comment on column sales.sales_order_party.buyer_company is '購入者会社名。@pii | Buyer company. @pii';
comment on column sales.sales_order_party.recipient_name is '届け先名。@pii | Recipient. @pii';
comment on column sales.sales_order_party.recipient_kana is '届け先フリガナ。@pii | Recipient kana. @pii';
comment on column sales.sales_order_party.recipient_phone is '届け先電話。@pii | Recipient phone. @pii';
comment on column sales.sales_order_party.recipient_postal_code is '届け先郵便番号。@pii | Recipient postal code. @pii';
comment on column sales.sales_order_party.recipient_country_code is '届け先の国。 | Recipient country.';
comment on column sales.sales_order_party.recipient_region is '届け先都道府県。@pii | Recipient region. @pii';
comment on column sales.sales_order_party.recipient_address_line1 is '届け先住所。@pii | Recipient address. @pii';
comment on column sales.sales_order_party.recipient_address_line2 is '届け先建物。@pii | Recipient building. @pii';
comment on column sales.sales_order_party.recipient_company is '届け先会社名。@pii | Recipient company. @pii';
comment on column sales.sales_order_party.buyer_note is '備考。購入者が書いた文。@pii @multiline | Buyer note. What the buyer wrote. @pii @multiline';
comment on column sales.sales_order_party.staff_note is '社内メモ。@pii @multiline | Staff note. @pii @multiline';
comment on column sales.sales_order_party.draft_party_digest is '店舗が伝えた個人情報の要約。同じなら人の訂正を上書きしない。@pii | Digest of what the shop said. While it is the same, corrections of staff stay. @pii';
comment on column sales.sales_order_party.forgotten_at is '消去日時。 | Forgotten at. When the personal data was deleted.';
comment on column sales.sales_order_party.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint sales_order_party_buyer_name_ck on sales.sales_order_party is '購入者名は 200 文字までで、改行などの制御文字は書けません。 | A buyer''s name has 200 characters at most and no control characters.';
comment on constraint sales_order_party_buyer_kana_ck on sales.sales_order_party is '購入者フリガナは 200 文字までで、改行などの制御文字は書けません。 | A buyer''s kana has 200 characters at most and no control characters.';
comment on constraint sales_order_party_buyer_email_ck on sales.sales_order_party is '購入者メールは 320 文字までで、改行などの制御文字は書けません。 | A buyer''s mail address has 320 characters at most and no control characters.';
comment on constraint sales_order_party_buyer_phone_ck on sales.sales_order_party is '購入者電話は 50 文字までで、改行などの制御文字は書けません。 | A buyer''s phone has 50 characters at most and no control characters.';
comment on constraint sales_order_party_buyer_postal_code_ck on sales.sales_order_party is '購入者郵便番号は 20 文字までで、改行などの制御文字は書けません。 | A buyer''s postal code has 20 characters at most and no control characters.';
comment on constraint sales_order_party_buyer_country_code_ck on sales.sales_order_party is '購入者の国は 100 文字までで、改行などの制御文字は書けません。 | A buyer''s country has 100 characters at most and no control characters.';
comment on constraint sales_order_party_buyer_region_ck on sales.sales_order_party is '購入者都道府県は 400 文字までで、改行などの制御文字は書けません。 | A buyer''s region has 400 characters at most and no control characters.';
comment on constraint sales_order_party_buyer_address_line1_ck on sales.sales_order_party is '購入者住所は 400 文字までで、改行などの制御文字は書けません。 | A buyer''s address has 400 characters at most and no control characters.';
comment on constraint sales_order_party_buyer_address_line2_ck on sales.sales_order_party is '購入者建物は 400 文字までで、改行などの制御文字は書けません。 | A buyer''s building has 400 characters at most and no control characters.';
comment on constraint sales_order_party_buyer_company_ck on sales.sales_order_party is '購入者会社名は 200 文字までで、改行などの制御文字は書けません。 | A buyer''s company has 200 characters at most and no control characters.';
comment on constraint sales_order_party_recipient_name_ck on sales.sales_order_party is '届け先名は 200 文字までで、改行などの制御文字は書けません。 | A recipient''s name has 200 characters at most and no control characters.';
comment on constraint sales_order_party_recipient_kana_ck on sales.sales_order_party is '届け先フリガナは 200 文字までで、改行などの制御文字は書けません。 | A recipient''s kana has 200 characters at most and no control characters.';
comment on constraint sales_order_party_recipient_phone_ck on sales.sales_order_party is '届け先電話は 50 文字までで、改行などの制御文字は書けません。 | A recipient''s phone has 50 characters at most and no control characters.';
comment on constraint sales_order_party_recipient_postal_code_ck on sales.sales_order_party is '届け先郵便番号は 20 文字までで、改行などの制御文字は書けません。 | A recipient''s postal code has 20 characters at most and no control characters.';
comment on constraint sales_order_party_recipient_country_code_ck on sales.sales_order_party is '届け先の国は 100 文字までで、改行などの制御文字は書けません。 | A recipient''s country has 100 characters at most and no control characters.';
comment on constraint sales_order_party_recipient_region_ck on sales.sales_order_party is '届け先都道府県は 400 文字までで、改行などの制御文字は書けません。 | A recipient''s region has 400 characters at most and no control characters.';
comment on constraint sales_order_party_recipient_address_line1_ck on sales.sales_order_party is '届け先住所は 400 文字までで、改行などの制御文字は書けません。 | A recipient''s address has 400 characters at most and no control characters.';
comment on constraint sales_order_party_recipient_address_line2_ck on sales.sales_order_party is '届け先建物は 400 文字までで、改行などの制御文字は書けません。 | A recipient''s building has 400 characters at most and no control characters.';
comment on constraint sales_order_party_recipient_company_ck on sales.sales_order_party is '届け先会社名は 200 文字までで、改行などの制御文字は書けません。 | A recipient''s company has 200 characters at most and no control characters.';
comment on constraint sales_order_party_buyer_note_ck on sales.sales_order_party is '備考は 10,000 文字までで、改行とタブのほかの制御文字は書けません。 | A buyer''s note has 10,000 characters at most and, but for line breaks and tabs, no control characters.';
comment on constraint sales_order_party_staff_note_ck on sales.sales_order_party is '社内メモは 10,000 文字までで、改行とタブのほかの制御文字は書けません。 | A staff note has 10,000 characters at most and, but for line breaks and tabs, no control characters.';
create index sales_order_party_email_ix on sales.sales_order_party (lower(buyer_email)) where buyer_email is not null;

create table sales.sales_order_line (
    sales_order_line_id bigint generated always as identity primary key,
    sales_order_id bigint not null constraint sales_order_line_order_fk references sales.sales_order,
    listing_id bigint constraint sales_order_line_listing_fk references channel.listing,
    sku_id bigint constraint sales_order_line_sku_fk references catalog.sku,
    line_no integer not null,
    quantity_ordered integer not null,
    quantity_reserved integer not null default 0,
    quantity_shipped integer not null default 0,
    reserve_part integer not null default 0,
    is_closed boolean not null default false,
    unit_price base.money not null,
    tax_rate numeric(5, 4),
    line_key text not null,
    external_listing_no text not null,
    line_name text,
    line_option text,
    constraint sales_order_line_key_uq unique (sales_order_id, line_key),
    constraint sales_order_line_quantity_ck check (quantity_ordered between 0 and 10000000),
    constraint sales_order_line_reserved_ck check (quantity_reserved between 0 and quantity_ordered - quantity_shipped),
    constraint sales_order_line_tax_rate_ck check (tax_rate between 0 and 1)
);
comment on table sales.sales_order_line is '受注明細。 | Order line.';
comment on column sales.sales_order_line.sales_order_line_id is '番号。 | Number. Given by Daicho.';
comment on column sales.sales_order_line.sales_order_id is '受注。 | Order.';
comment on column sales.sales_order_line.listing_id is '出品。 | Listing.';
comment on column sales.sales_order_line.sku_id is 'SKU。空なら未対応。 | SKU. Empty while the listing is not linked.';
comment on column sales.sales_order_line.line_no is '行番号。 | Line no.';
comment on column sales.sales_order_line.quantity_ordered is '受注数。 | Quantity ordered.';
comment on column sales.sales_order_line.quantity_reserved is '引当数。 | Quantity reserved.';
comment on column sales.sales_order_line.quantity_shipped is '出荷数。 | Quantity shipped.';
comment on column sales.sales_order_line.reserve_part is '引当回数。引当が変わるたびに増え、台帳の起因になる。 | Reserve part. Grows with each change of the reservation; the ledger''s cause_part.';
comment on column sales.sales_order_line.is_closed is '終了。出荷、キャンセル、過去受注の行。引当を待たない。 | Closed. Of a shipped, cancelled or past order; it waits for nothing.';
comment on column sales.sales_order_line.unit_price is '単価。 | Unit price.';
comment on column sales.sales_order_line.tax_rate is '税率。 | Tax rate.';
comment on column sales.sales_order_line.line_key is '行の鍵。店舗側の行番号、なければ商品番号と何番目か。 | Line key. The shop''s line number, or the listing and its occurrence.';
comment on column sales.sales_order_line.external_listing_no is '店舗側の商品番号。 | External listing no.';
comment on column sales.sales_order_line.line_name is '品名。店舗が伝えた名前。 | Name. As the shop said.';
comment on column sales.sales_order_line.line_option is '選択肢。 | Option. What the buyer chose.';
comment on constraint sales_order_line_key_uq on sales.sales_order_line is '一つの受注に同じ鍵の行が二つあります。 | One order holds two lines of the same key.';
comment on constraint sales_order_line_quantity_ck on sales.sales_order_line is '受注数は 0〜10,000,000 です。 | A quantity is 0 to 10,000,000.';
comment on constraint sales_order_line_reserved_ck on sales.sales_order_line is '引当数が受注残を超えます。 | More would be reserved than is still to ship.';
comment on constraint sales_order_line_tax_rate_ck on sales.sales_order_line is '税率は 0 から 1 の間です。 | A tax rate is between 0 and 1.';
create index sales_order_line_sku_ix on sales.sales_order_line (sku_id);
create index sales_order_line_wait_ix on sales.sales_order_line (sku_id, sales_order_id)
    where not is_closed and quantity_reserved + quantity_shipped < quantity_ordered;
create index sales_order_line_promised_ix on sales.sales_order_line (sku_id) where quantity_reserved > 0;
create index sales_order_line_unlinked_ix on sales.sales_order_line (listing_id) where sku_id is null;

create table sales.line_cancellation (
    line_cancellation_id bigint generated always as identity primary key,
    sales_order_line_id bigint not null constraint line_cancellation_line_fk references sales.sales_order_line,
    cancelled_at timestamptz not null,
    quantity integer not null,
    amount base.money not null,
    shop_id bigint not null constraint line_cancellation_shop_fk references channel.shop,
    external_cancel_no text not null,
    line_key text not null,
    constraint line_cancellation_external_uq unique (shop_id, external_cancel_no, line_key, sales_order_line_id),
    constraint line_cancellation_quantity_ck check (quantity > 0),
    constraint line_cancellation_external_ck check (length(external_cancel_no) <= 200 and length(line_key) <= 200)
);
comment on table sales.line_cancellation is '明細の取消。売れた後に取り消された数。追記のみ。 | Line cancellation. Pieces taken back after the sale; only ever added.';
comment on column sales.line_cancellation.line_cancellation_id is '番号。 | Number. Given by Daicho.';
comment on column sales.line_cancellation.sales_order_line_id is '明細。 | Line. The sale that was taken back.';
comment on column sales.line_cancellation.cancelled_at is '取消日時。 | Cancelled at.';
comment on column sales.line_cancellation.quantity is '数。 | Quantity.';
comment on column sales.line_cancellation.amount is '金額。正の数。 | Amount. As a positive number.';
comment on column sales.line_cancellation.shop_id is '店舗。 | Shop.';
comment on column sales.line_cancellation.external_cancel_no is '取消番号。店舗側の番号。 | External cancel no.';
comment on column sales.line_cancellation.line_key is '取消の行。 | Line of the cancellation.';
comment on constraint line_cancellation_external_uq on sales.line_cancellation is 'この取消はすでに取り込まれています。 | This cancellation is here already.';
comment on constraint line_cancellation_external_ck on sales.line_cancellation is '取消番号とその行は 200 文字までです。 | A cancellation''s number and its line have 200 characters at most.';
comment on constraint line_cancellation_quantity_ck on sales.line_cancellation is '取消数は 1 以上です。 | A cancelled quantity is 1 or more.';
create index line_cancellation_line_ix on sales.line_cancellation (sales_order_line_id);

create table sales.hold_reason (
    hold_reason base.code primary key,
    label base.bilingual not null,
    release base.bilingual not null,
    status base.code not null constraint hold_reason_status_fk references sales.order_status,
    needs_person boolean not null,
    rank smallint not null,
    constraint hold_reason_status_ck check (status in ('on_hold', 'awaiting_payment', 'awaiting_stock', 'awaiting_release', 'scheduled'))
);
comment on table sales.hold_reason is '保留理由。なぜ出荷できないか、何があれば出せるか。 | Hold reason. Why an order may not ship, and what would release it.';
comment on column sales.hold_reason.hold_reason is 'コード。 | Code. Stable for ever.';
comment on column sales.hold_reason.label is '名称。 | Name.';
comment on column sales.hold_reason.release is '解除の条件。 | Release. What would release it.';
comment on column sales.hold_reason.status is '見出しの状態。 | Headline. The status it gives the order.';
comment on column sales.hold_reason.needs_person is '人が決める。いいえなら条件が満ちれば自動で解ける。 | Needs a person. Else it is released by itself.';
comment on column sales.hold_reason.rank is '順。小さいものが見出しになる。 | Rank. The smallest gives the headline.';
comment on constraint hold_reason_status_ck on sales.hold_reason is '見出しは待ちの状態から選びます。 | The headline is one of the waiting statuses.';
insert into sales.hold_reason values
    ('unknown_sku', '商品が未対応 | Unknown SKU', '出品を SKU に対応させると解除されます。 | Link the listing to a SKU.', 'on_hold', true, 10),
    ('amount_differs', '金額が合わない | Amounts differ', '店舗の金額を確かめ、解除します。 | Check the shop''s amounts, then release it.', 'on_hold', true, 20),
    ('amount_unfixed', '金額が未確定 | Amount not fixed', '店舗が金額を確定すると解除されます。 | The shop fixes the amount.', 'on_hold', false, 25),
    ('recipient_incomplete', '届け先が不完全 | Recipient incomplete', '届け先を直すか、確かめて解除します。 | Correct the recipient, or check it and release.', 'on_hold', true, 30),
    ('buyer_note', '備考あり | Buyer note', '備考を読んで解除します。 | Read the note, then release it.', 'on_hold', true, 40),
    ('amount_over', '高額 | Large amount', '内容を確かめて解除します。 | Check the order, then release it.', 'on_hold', true, 50),
    ('rate_missing', '為替レートなし | No exchange rate', 'その日のレートを登録すると解除されます。 | Enter the rate of that day.', 'on_hold', false, 55),
    ('manual', '手動で保留 | Held by hand', '保留した人が解除します。 | Whoever held it releases it.', 'on_hold', true, 60),
    ('awaiting_payment', '入金待ち | Awaiting payment', '入金が記録されると解除されます。 | A payment is recorded.', 'awaiting_payment', false, 100),
    ('awaiting_stock', '引当待ち | Awaiting stock', '入庫すると到着順に引き当てます。 | Stock arrives; it is given in order of arrival.', 'awaiting_stock', false, 110),
    ('awaiting_goods', '入荷待ち | Awaiting goods', '棚の数を超えて約束した分です。入庫すると到着順に解除されます。 | Promised beyond the shelf; goods arrive, and who came first is released first.', 'awaiting_stock', false, 115),
    ('awaiting_release', '発売日待ち | Awaiting release date', '発売日になると解除されます。 | The release date comes.', 'awaiting_release', false, 120),
    ('scheduled', '出荷日待ち | Scheduled', '出荷予定日になると解除されます。 | The planned day comes.', 'scheduled', false, 130);

create table sales.hold_rule (
    hold_rule_id bigint generated always as identity primary key,
    rule_code base.code not null,
    rule_name base.bilingual not null,
    rule_kind base.code not null,
    hold_reason base.code not null constraint hold_rule_reason_fk references sales.hold_reason,
    shop_id bigint constraint hold_rule_shop_fk references channel.shop,
    amount_limit base.money,
    is_on boolean not null default true,
    version integer not null default 1,
    constraint hold_rule_code_uq unique (rule_code),
    constraint hold_rule_kind_ck check (rule_kind in ('unknown_sku', 'amount_differs', 'amount_unfixed', 'recipient_incomplete', 'buyer_note',
        'amount_over', 'rate_missing', 'awaiting_payment', 'awaiting_stock', 'awaiting_goods', 'awaiting_release', 'scheduled')),
    constraint hold_rule_limit_ck check ((rule_kind = 'amount_over') = (amount_limit is not null))
);
comment on table sales.hold_rule is '保留の規則。条件と理由。切替えできる。 | Hold rule. A condition and its reason; it can be switched.';
comment on column sales.hold_rule.hold_rule_id is '番号。 | Number. Given by Daicho.';
comment on column sales.hold_rule.rule_code is 'コード。 | Code. Stable for ever.';
comment on column sales.hold_rule.rule_name is '名称。 | Name.';
comment on column sales.hold_rule.rule_kind is '条件の種類。 | Kind of condition.';
comment on column sales.hold_rule.hold_reason is '理由。 | Reason. Of the hold it makes.';
comment on column sales.hold_rule.shop_id is '店舗。空なら全店舗。 | Shop. Empty for all.';
comment on column sales.hold_rule.amount_limit is '金額の上限。基準通貨で、これを超えると保留。 | Limit. In base money; above it the order is held.';
comment on column sales.hold_rule.is_on is '有効。 | On.';
comment on column sales.hold_rule.version is '版。保留の記録に残る。 | Version. Kept with each hold.';
comment on constraint hold_rule_code_uq on sales.hold_rule is 'このコードの規則はすでにあります。 | A rule of this code exists already.';
comment on constraint hold_rule_kind_ck on sales.hold_rule is '条件の種類は決まったものから選びます。 | The kind of condition is one of the known ones.';
comment on constraint hold_rule_limit_ck on sales.hold_rule is '金額の上限は「高額」の規則だけに、必ず入れます。 | A limit is given for, and only for, a rule about amounts over a limit.';
insert into sales.hold_rule (rule_code, rule_name, rule_kind, hold_reason, amount_limit) values
    ('unknown_sku', '未対応の商品 | Unknown SKU', 'unknown_sku', 'unknown_sku', null),
    ('amount_differs', '金額の差 | Amounts differ', 'amount_differs', 'amount_differs', null),
    ('amount_unfixed', '金額の未確定 | Amount not fixed', 'amount_unfixed', 'amount_unfixed', null),
    ('recipient_incomplete', '届け先の不備 | Recipient incomplete', 'recipient_incomplete', 'recipient_incomplete', null),
    ('buyer_note', '備考 | Buyer note', 'buyer_note', 'buyer_note', null),
    ('amount_over_100000', '10万円を超える受注 | Orders over 100,000 yen', 'amount_over', 'amount_over', 100000),
    ('rate_missing', '為替レートなし | No exchange rate', 'rate_missing', 'rate_missing', null),
    ('awaiting_payment', '入金前 | Not paid', 'awaiting_payment', 'awaiting_payment', null),
    ('awaiting_stock', '在庫不足 | Short of stock', 'awaiting_stock', 'awaiting_stock', null),
    ('awaiting_goods', '棚を超えた約束 | Promised beyond the shelf', 'awaiting_goods', 'awaiting_goods', null),
    ('awaiting_release', '発売日前 | Before release', 'awaiting_release', 'awaiting_release', null),
    ('scheduled', '出荷予定日前 | Before the planned day', 'scheduled', 'scheduled', null);

create table sales.hold (
    hold_id bigint generated always as identity primary key,
    sales_order_id bigint not null constraint hold_order_fk references sales.sales_order,
    hold_reason base.code not null constraint hold_reason_fk references sales.hold_reason,
    hold_rule_id bigint constraint hold_rule_fk references sales.hold_rule,
    rule_version integer,
    evidence jsonb not null default '{}',
    placed_at timestamptz not null default now(),
    placed_by bigint,
    released_at timestamptz,
    released_by bigint,
    release_note text,
    label base.bilingual not null,
    is_open boolean not null generated always as (released_at is null) stored,
    note text,
    constraint hold_release_ck check ((released_at is not null) >= (released_by is not null or release_note is not null)),
    constraint hold_release_note_ck check (length(release_note) <= 10000 and translate(release_note, E'\n\r\t', '') !~ '[[:cntrl:]]'),
    constraint hold_note_ck check (length(note) <= 10000 and translate(note, E'\n\r\t', '') !~ '[[:cntrl:]]')
);
comment on table sales.hold is '保留。受注が出荷できない理由を一行ずつ。 | Hold. One row for each reason why an order may not ship.';
comment on column sales.hold.hold_id is '番号。 | Number. Given by Daicho.';
comment on column sales.hold.sales_order_id is '受注。 | Order.';
comment on column sales.hold.hold_reason is '理由。 | Reason.';
comment on column sales.hold.hold_rule_id is '規則。手動なら空。 | Rule. Empty when placed by hand.';
comment on column sales.hold.rule_version is '規則の版。 | Version of the rule.';
comment on column sales.hold.evidence is '根拠。規則が見た値。個人情報は項目名だけ。 | Evidence. What the rule saw; of personal data the field alone.';
comment on column sales.hold.placed_at is '保留日時。 | Placed at.';
comment on column sales.hold.placed_by is '保留した人。 | Placed by.';
comment on column sales.hold.released_at is '解除日時。 | Released at.';
comment on column sales.hold.released_by is '解除した人。空なら自動。 | Released by. Empty when by itself.';
comment on column sales.hold.release_note is '解除メモ。@pii @multiline | Note on release. @pii @multiline';
comment on column sales.hold.label is '見出し。伝票番号と理由。 | Title. The slip''s number and the reason.';
comment on column sales.hold.is_open is '未解除。出荷とキャンセルの後は残らない。 | Open. None is left once the order is shipped or cancelled.';
comment on column sales.hold.note is '保留メモ。手で保留した人が書いた理由。@pii @multiline | Note. Why, in the words of whoever held it by hand. @pii @multiline';
comment on constraint hold_release_note_ck on sales.hold is '解除メモは 10000 文字までで、改行とタブのほかの制御文字は書けません。 | A note on release has 10000 characters at most and, but for line breaks and tabs, no control characters.';
comment on constraint hold_note_ck on sales.hold is '保留メモは 10000 文字までで、改行とタブのほかの制御文字は書けません。 | A note on a hold has 10000 characters at most and, but for line breaks and tabs, no control characters.';
comment on constraint hold_release_ck on sales.hold is '解除した人とメモは、解除日時と一緒に入ります。 | Who released it and the note go with the time of release.';
create unique index hold_open_uq on sales.hold (sales_order_id, hold_reason) where released_at is null;
create index hold_order_ix on sales.hold (sales_order_id);
create index hold_waiting_ix on sales.hold (hold_reason, placed_at, hold_id) where is_open;
create index hold_goods_ix on sales.hold (sales_order_id) where released_at is null and hold_reason = 'awaiting_goods';
