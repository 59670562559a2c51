create table catalog.handling_status (
    handling_status base.code primary key,
    label base.bilingual not null
);
comment on table catalog.handling_status is '取扱区分。 | Handling status. Whether a product is still sold.';
comment on column catalog.handling_status.handling_status is 'コード。 | Code. Stable for ever.';
comment on column catalog.handling_status.label is '名称。 | Name. As screens show it.';
insert into catalog.handling_status values
    ('active', '取扱中 | Active'), ('ended', '取扱中止 | Ended'), ('maker_ended', 'メーカー取扱中止 | Ended by the maker');

create table catalog.product (
    product_id bigint generated always as identity primary key,
    product_code text not null,
    product_name text not null,
    handling_status base.code not null default 'active' constraint product_handling_status_fk references catalog.handling_status,
    description text,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint product_code_uq unique (product_code),
    constraint product_code_ck check (length(product_code) between 1 and 100 and product_code = btrim(product_code)),
    constraint product_name_ck check (length(product_name) <= 500 and btrim(product_name, E' \t\u3000') <> '')
);
comment on table catalog.product is '商品。店頭に並ぶ単位。SKU を束ねる。 | Product. What a shop window shows; it holds SKUs.';
comment on column catalog.product.product_id is '商品番号。 | Product number. Given by Daicho.';
comment on column catalog.product.product_code is '代表商品コード。 | Product code. The parent code of its SKUs.';
comment on column catalog.product.product_name is '商品名。 | Product name.';
comment on column catalog.product.handling_status is '取扱区分。 | Handling status.';
comment on column catalog.product.description is '説明。@multiline | Description. @multiline';
comment on column catalog.product.created_at is '登録日時。 | Created at.';
comment on column catalog.product.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint product_code_uq on catalog.product is 'この商品コードはすでにあります。 | This product code exists already.';
comment on constraint product_code_ck on catalog.product is
    '商品コードは 1〜100 文字で、前後に空白を置けません。 | A product code has 1 to 100 characters and no space at its ends.';
comment on constraint product_name_ck on catalog.product is '商品名は 1〜500 文字で、空白だけにはできません。 | A product name has 1 to 500 characters, not blanks alone.';

create table catalog.sku (
    sku_id bigint generated always as identity primary key,
    product_id bigint constraint sku_product_fk references catalog.product,
    sku_code text not null,
    sku_name text not null,
    gtin text,
    is_bundle boolean not null default false,
    oversell_limit integer not null default 0,
    on_sale_on date,
    tax_rate numeric(5, 4) not null default 0.1,
    list_price base.money,
    currency_code text not null default 'JPY' constraint sku_currency_fk references base.currency,
    weight_g integer,
    handling_status base.code not null default 'active' constraint sku_handling_status_fk references catalog.handling_status,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint sku_code_uq unique (sku_code),
    constraint sku_code_ck check (length(sku_code) between 1 and 100 and sku_code = btrim(sku_code)),
    constraint sku_name_ck check (length(sku_name) <= 500 and btrim(sku_name, E' \t\u3000') <> ''),
    constraint sku_gtin_ck check (gtin ~ '^([0-9]{8}|[0-9]{12,14})$'),
    constraint sku_oversell_limit_ck check (oversell_limit between 0 and 1000000),
    constraint sku_tax_rate_ck check (tax_rate between 0 and 1),
    constraint sku_list_price_ck check (list_price >= 0),
    constraint sku_weight_ck check (weight_g between 0 and 10000000)
);
comment on table catalog.sku is 'SKU。在庫と販売の単位。 | SKU. What is stocked and sold.';
comment on column catalog.sku.sku_id is 'SKU 番号。 | SKU number. Given by Daicho.';
comment on column catalog.sku.product_id is '商品。 | Product. The product it belongs to.';
comment on column catalog.sku.sku_code is 'SKU コード。大文字と小文字は別物。 | SKU code. Capitals and small letters differ.';
comment on column catalog.sku.sku_name is 'SKU 名。 | SKU name.';
comment on column catalog.sku.gtin is 'JAN コード。8、12、13、14 桁。 | GTIN. 8, 12, 13 or 14 digits.';
comment on column catalog.sku.is_bundle is 'セット商品。在庫は構成品で決まる。 | Bundle. Its stock is what its parts allow.';
comment on column catalog.sku.oversell_limit is
    '超過販売の上限。実在庫を超えて約束してよい数。通常は 0。 | Oversell limit. Pieces that may be promised beyond what is on hand; normally 0.';
comment on column catalog.sku.on_sale_on is '発売日。この日まで出荷しない。 | Release date. Not shipped before this day.';
comment on column catalog.sku.tax_rate is '税率。0.1 または 0.08。 | Tax rate. 0.1 or 0.08.';
comment on column catalog.sku.list_price is '上代。税込。 | List price. Including tax.';
comment on column catalog.sku.currency_code is '通貨。 | Currency. Of the list price.';
comment on column catalog.sku.weight_g is '重さ（グラム）。 | Weight in grams.';
comment on column catalog.sku.handling_status is '取扱区分。 | Handling status.';
comment on column catalog.sku.created_at is '登録日時。 | Created at.';
comment on column catalog.sku.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint sku_code_uq on catalog.sku is 'この SKU コードはすでにあります。 | This SKU code exists already.';
comment on constraint sku_code_ck on catalog.sku is
    'SKU コードは 1〜100 文字で、前後に空白を置けません。 | A SKU code has 1 to 100 characters and no space at its ends.';
comment on constraint sku_name_ck on catalog.sku is 'SKU 名は 1〜500 文字です。 | A SKU name has 1 to 500 characters.';
comment on constraint sku_gtin_ck on catalog.sku is 'JAN コードは数字 8、12、13、14 桁です。 | A GTIN is 8, 12, 13 or 14 digits.';
comment on constraint sku_oversell_limit_ck on catalog.sku is '超過販売の上限は 0〜1,000,000 です。 | The oversell limit is 0 to 1,000,000.';
comment on constraint sku_tax_rate_ck on catalog.sku is '税率は 0 から 1 の間で、10 % は 0.1 と書きます。 | A tax rate is between 0 and 1; 10 % is 0.1.';
comment on constraint sku_list_price_ck on catalog.sku is '上代は 0 以上です。 | A list price is 0 or more.';
comment on constraint sku_weight_ck on catalog.sku is '重さは 0〜10,000,000 グラムです。 | A weight is 0 to 10,000,000 grams.';
create index sku_product_ix on catalog.sku (product_id);
create index sku_gtin_ix on catalog.sku (gtin);

create table catalog.sku_cost (
    sku_id bigint primary key constraint sku_cost_sku_fk references catalog.sku on delete cascade,
    unit_cost base.money not null,
    currency_code text not null default 'JPY' constraint sku_cost_currency_fk references base.currency,
    version integer not null default 1,
    constraint sku_cost_unit_cost_ck check (unit_cost >= 0)
);
comment on table catalog.sku_cost is '原価。見てよい役割だけの表。 | Cost. A table of its own, for those who may see it.';
comment on column catalog.sku_cost.sku_id is 'SKU。 | SKU.';
comment on column catalog.sku_cost.unit_cost is '原価。税抜。 | Unit cost. Without tax.';
comment on column catalog.sku_cost.currency_code is '通貨。 | Currency.';
comment on column catalog.sku_cost.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint sku_cost_unit_cost_ck on catalog.sku_cost is '原価は 0 以上です。 | A cost is 0 or more.';

create table catalog.bundle_component (
    bundle_sku_id bigint not null constraint bundle_component_bundle_fk references catalog.sku,
    sku_id bigint not null constraint bundle_component_sku_fk references catalog.sku,
    quantity integer not null,
    constraint bundle_component_pk primary key (bundle_sku_id, sku_id),
    constraint bundle_component_quantity_ck check (quantity between 1 and 10000),
    constraint bundle_component_self_ck check (bundle_sku_id <> sku_id)
);
comment on table catalog.bundle_component is 'セット構成。一セットに入る SKU と数。 | Bundle component. What one bundle holds.';
comment on column catalog.bundle_component.bundle_sku_id is 'セット。 | Bundle. The SKU that is sold as a set.';
comment on column catalog.bundle_component.sku_id is '構成品。 | Part. The SKU that is in it; not a bundle itself.';
comment on column catalog.bundle_component.quantity is '数。一セットあたり。 | Quantity. In one bundle.';
comment on constraint bundle_component_quantity_ck on catalog.bundle_component is '数は 1〜10,000 です。 | A quantity is 1 to 10,000.';
comment on constraint bundle_component_self_ck on catalog.bundle_component is 'セットを自分自身に入れることはできません。 | A bundle cannot hold itself.';
create index bundle_component_sku_ix on catalog.bundle_component (sku_id);

create table catalog.sku_customs (
    sku_id bigint primary key constraint sku_customs_sku_fk references catalog.sku on delete cascade,
    customs_description text not null,
    hs_code text not null,
    origin_country_code text not null,
    version integer not null default 1,
    constraint sku_customs_description_ck check (
        length(customs_description) <= 120 and customs_description ~ '[A-Za-z]' and customs_description !~ '[^\u0020-\u007e\u00a0-\u024f]'
    ),
    constraint sku_customs_hs_code_ck check (hs_code ~ '^[0-9]{6}([0-9]{2}){0,2}$'),
    constraint sku_customs_origin_ck check (origin_country_code ~ '^[A-Z]{2}$')
);
comment on table catalog.sku_customs is '通関情報。海外へ送るときの申告に使う。 | Customs data. What is declared of a SKU when it goes abroad.';
comment on column catalog.sku_customs.sku_id is 'SKU。 | SKU.';
comment on column catalog.sku_customs.customs_description is '英語の品名。たとえば Green tea, dried leaves。 | Description in English. Such as: Green tea, dried leaves.';
comment on column catalog.sku_customs.hs_code is 'HS コード。点のない 6、8、10 桁。 | HS code. 6, 8 or 10 digits without dots.';
comment on column catalog.sku_customs.origin_country_code is '原産国。ISO 3166 の二文字。 | Country of origin. Two letters of ISO 3166.';
comment on column catalog.sku_customs.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint sku_customs_description_ck on catalog.sku_customs is
    '英語の品名は、英字を含む 120 文字までで、日本語は書けません。 | A description in English has Latin letters and 120 characters at most.';
comment on constraint sku_customs_hs_code_ck on catalog.sku_customs is
    'HS コードは点のない数字 6、8、10 桁です（例 090210）。 | An HS code is 6, 8 or 10 digits without dots, such as 090210.';
comment on constraint sku_customs_origin_ck on catalog.sku_customs is
    '原産国は大文字二文字です（例 JP）。 | A country of origin is two capital letters, such as JP.';
