create table channel.channel (
    channel_code base.code primary key,
    label base.bilingual not null,
    capabilities text[] not null default '{}',
    fields jsonb not null default '[]',
    mail_rules jsonb not null default '{}'
);
comment on table channel.channel is '販売チャネル。モールやカートの種類。プログラムが登録する。 | Channel. A kind of mall or cart; written by the program from its connectors.';
comment on column channel.channel.channel_code is 'チャネルコード。 | Channel code.';
comment on column channel.channel.label is '名称。 | Name.';
comment on column channel.channel.capabilities is 'できること。 | Capabilities. What its connector can do.';
comment on column channel.channel.mail_rules is 'メールの決まり。モールが禁じるリンクや転送アドレス。 | Mail rules. Links that the mall forbids, its forwarding addresses.';
comment on column channel.channel.fields is '設定項目。店舗登録で聞くこと。 | Fields. What is asked when a shop is connected.';

create table channel.shop (
    shop_id bigint generated always as identity primary key,
    shop_code base.code not null,
    shop_name text not null,
    channel_code base.code not null constraint shop_channel_fk references channel.channel,
    warehouse_id bigint not null,
    currency_code text not null default 'JPY' constraint shop_currency_fk references base.currency,
    time_zone text not null default 'Asia/Tokyo',
    settings jsonb not null default '{}',
    paused_at timestamptz,
    pause_reason text,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint shop_code_uq unique (shop_code),
    constraint shop_name_ck check (length(shop_name) <= 200 and btrim(shop_name, E' \t\u3000') <> ''),
    constraint shop_pause_ck check ((pause_reason is null) >= (paused_at is null)),
    constraint shop_pause_reason_ck check (length(pause_reason) <= 10000)
);
comment on table channel.shop is '店舗。一つのモールやカートの中の自店。 | Shop. One account at a mall or cart.';
comment on column channel.shop.shop_id is '店舗番号。 | Shop number. Given by Daicho.';
comment on column channel.shop.shop_code is '店舗コード。 | Shop code. Stable for ever.';
comment on column channel.shop.shop_name is '店舗名。 | Shop name.';
comment on column channel.shop.channel_code is 'チャネル。 | Channel. Its kind.';
comment on column channel.shop.warehouse_id is '出荷倉庫。この店の受注が出る倉庫。 | Warehouse. Where its orders ship from.';
comment on column channel.shop.currency_code is '通貨。 | Currency. Of its prices.';
comment on column channel.shop.time_zone is '時間帯。 | Time zone. Of times that the shop states without one.';
comment on column channel.shop.settings is '接続設定。秘密は含まない。base_url を変えると保存した秘密は消え、もう一度入れる。 | Connection settings. Without secrets. When base_url changes, the kept secrets are emptied and must be given again.';
comment on column channel.shop.paused_at is '停止日時。入っている間は取込も送信もしない。 | Paused at. While set, nothing is fetched from or sent to it.';
comment on column channel.shop.pause_reason is '停止理由。 | Reason of the pause.';
comment on column channel.shop.created_at is '登録日時。 | Created at.';
comment on column channel.shop.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint shop_code_uq on channel.shop is 'この店舗コードはすでにあります。 | This shop code exists already.';
comment on constraint shop_name_ck on channel.shop is '店舗名は 1〜200 文字です。 | A shop name has 1 to 200 characters.';
comment on constraint shop_pause_reason_ck on channel.shop is '停止理由は 10000 文字までです。 | A pause reason has 10000 characters at most.';
comment on constraint shop_pause_ck on channel.shop is '停止理由は停止中だけに付けられます。 | A pause reason belongs to a paused shop only.';

create table channel.shop_secret (
    shop_id bigint not null constraint shop_secret_shop_fk references channel.shop on delete cascade,
    secret_name base.code not null,
    ciphertext bytea not null,
    expires_at timestamptz,
    constraint shop_secret_pk primary key (shop_id, secret_name)
);
comment on table channel.shop_secret is '接続の秘密。暗号化して保存。 | Shop secret. Credentials, encrypted under the installation''s key.';
comment on column channel.shop_secret.shop_id is '店舗。 | Shop.';
comment on column channel.shop_secret.secret_name is '名前。 | Name. Of the credential.';
comment on column channel.shop_secret.ciphertext is '暗号文。 | Ciphertext. AES-GCM, bound to shop and name.';
comment on column channel.shop_secret.expires_at is '有効期限。 | Expires at. When the remote will refuse it.';

create table channel.listing (
    listing_id bigint generated always as identity primary key,
    shop_id bigint not null constraint listing_shop_fk references channel.shop,
    sku_id bigint constraint listing_sku_fk references catalog.sku,
    buffer integer not null default 0,
    max_published integer,
    is_published boolean not null default true,
    external_listing_no text not null,
    listing_name text,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint listing_external_uq unique (shop_id, external_listing_no),
    constraint listing_external_ck check (length(external_listing_no) between 1 and 200),
    constraint listing_buffer_ck check (buffer between 0 and 1000000),
    constraint listing_max_published_ck check (max_published between 0 and 1000000000)
);
comment on table channel.listing is '出品。ある店で売っている SKU。 | Listing. A SKU as one shop sells it.';
comment on column channel.listing.listing_id is '出品番号。 | Listing number. Given by Daicho.';
comment on column channel.listing.shop_id is '店舗。 | Shop.';
comment on column channel.listing.sku_id is 'SKU。空なら未対応。 | SKU. Empty while not linked.';
comment on column channel.listing.buffer is '予備在庫。この数は売らない。 | Buffer. Pieces kept back from this shop.';
comment on column channel.listing.max_published is '公開上限。これより多く見せない。 | Maximum shown. Never more than this.';
comment on column channel.listing.is_published is '在庫連携する。 | Stock sync on. Whether its level is sent.';
comment on column channel.listing.external_listing_no is '店舗側の商品番号。 | External listing no. As the shop knows it.';
comment on column channel.listing.listing_name is '出品名。 | Listing name. As the shop shows it.';
comment on column channel.listing.created_at is '登録日時。 | Created at.';
comment on column channel.listing.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint listing_external_uq on channel.listing is 'この店舗にはすでに同じ商品番号の出品があります。 | This shop has a listing of that number already.';
comment on constraint listing_external_ck on channel.listing is '店舗側の商品番号は 1〜200 文字です。 | An external listing no. has 1 to 200 characters.';
comment on constraint listing_buffer_ck on channel.listing is '予備在庫は 0〜1,000,000 です。 | A buffer is 0 to 1,000,000.';
comment on constraint listing_max_published_ck on channel.listing is '公開上限は 0 以上です。 | A maximum shown is 0 or more.';
create index listing_sku_ix on channel.listing (sku_id);
create index listing_unlinked_ix on channel.listing (shop_id) where sku_id is null;

create table channel.column_map (
    column_map_id bigint generated always as identity primary key,
    map_code base.code not null,
    map_name base.bilingual not null,
    layout jsonb not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint column_map_code_uq unique (map_code),
    constraint column_map_layout_ck check (jsonb_typeof(layout) = 'object')
);
comment on table channel.column_map is '列の対応表。CSV の列を受注の項目に読み替える。 | Column map. How the columns of a file become an order.';
comment on column channel.column_map.column_map_id is '番号。 | Number. Given by Daicho.';
comment on column channel.column_map.map_code is 'コード。取込で名指しする。 | Code. Named when importing.';
comment on column channel.column_map.map_name is '名称。 | Name.';
comment on column channel.column_map.layout is '対応。文字コード、日付と数の形、列と項目。@multiline | Layout. Encoding, date and number forms, columns and fields. @multiline';
comment on column channel.column_map.created_at is '登録日時。 | Created at.';
comment on column channel.column_map.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint column_map_code_uq on channel.column_map is 'このコードの対応表はすでにあります。 | A column map of this code exists already.';
comment on constraint column_map_layout_ck on channel.column_map is '対応は JSON のオブジェクトです。 | A layout is a JSON object.';
