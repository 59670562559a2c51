create table shipping.carrier (
    carrier_code base.code primary key,
    label base.bilingual not null,
    tracking_url text,
    constraint carrier_tracking_url_ck check (tracking_url ~ '^https://')
);
comment on table shipping.carrier is '運送会社。 | Carrier.';
comment on column shipping.carrier.carrier_code is 'コード。 | Code. Stable for ever.';
comment on column shipping.carrier.label is '名称。 | Name.';
comment on column shipping.carrier.tracking_url is '追跡ページ。{tracking_no} が番号になる。 | Tracking page. {tracking_no} stands for the number.';
comment on constraint carrier_tracking_url_ck on shipping.carrier is '追跡ページは https:// で始まります。 | A tracking page begins with https://.';
insert into shipping.carrier (carrier_code, label) values
    ('yamato', 'ヤマト運輸 | Yamato'), ('sagawa', '佐川急便 | Sagawa'), ('japan_post', '日本郵便 | Japan Post'), ('other', 'その他 | Other');

create table shipping.shipment (
    shipment_id bigint generated always as identity primary key,
    sales_order_id bigint not null constraint shipment_order_fk references sales.sales_order,
    warehouse_id bigint not null constraint shipment_warehouse_fk references stock.warehouse,
    carrier_code base.code not null constraint shipment_carrier_fk references shipping.carrier,
    shipped_at timestamptz not null default now(),
    account_id bigint,
    tracking_no text not null,
    constraint shipment_order_uq unique (sales_order_id),
    constraint shipment_tracking_ck check (tracking_no ~ '^[0-9A-Za-z][0-9A-Za-z-]{0,39}$' and tracking_no ~ '[0-9]')
);
comment on table shipping.shipment is '出荷。一つの受注に一つ。 | Shipment. One for an order.';
comment on column shipping.shipment.shipment_id is '番号。 | Number. Given by Daicho.';
comment on column shipping.shipment.sales_order_id is '受注。 | Order.';
comment on column shipping.shipment.warehouse_id is '倉庫。 | Warehouse.';
comment on column shipping.shipment.carrier_code is '運送会社。 | Carrier.';
comment on column shipping.shipment.shipped_at is '出荷日時。 | Shipped at.';
comment on column shipping.shipment.account_id is '操作者。 | Account. Who posted it.';
comment on column shipping.shipment.tracking_no is '送り状番号。英数字とハイフン。 | Tracking no. Letters, digits and hyphens.';
comment on constraint shipment_order_uq on shipping.shipment is 'この受注はすでに出荷されています。 | This order has been shipped already.';
comment on constraint shipment_tracking_ck on shipping.shipment is '送り状番号は英数字とハイフンで 1〜40 文字、数字を含みます。 | A tracking no. is 1 to 40 letters, digits and hyphens, with a digit among them.';

create table shipping.shipment_line (
    shipment_line_id bigint generated always as identity primary key,
    shipment_id bigint not null constraint shipment_line_shipment_fk references shipping.shipment,
    sales_order_line_id bigint not null constraint shipment_line_line_fk references sales.sales_order_line,
    quantity integer not null,
    constraint shipment_line_line_uq unique (sales_order_line_id),
    constraint shipment_line_quantity_ck check (quantity > 0)
);
comment on table shipping.shipment_line is '出荷明細。 | Shipment line.';
comment on column shipping.shipment_line.shipment_line_id is '番号。 | Number. Given by Daicho.';
comment on column shipping.shipment_line.shipment_id is '出荷。 | Shipment.';
comment on column shipping.shipment_line.sales_order_line_id is '受注明細。 | Order line.';
comment on column shipping.shipment_line.quantity is '数。 | Quantity.';
comment on constraint shipment_line_line_uq on shipping.shipment_line is 'この明細はすでに出荷されています。 | This line has been shipped already.';
comment on constraint shipment_line_quantity_ck on shipping.shipment_line is '数は 1 以上です。 | A quantity is 1 or more.';
create index shipment_line_shipment_ix on shipping.shipment_line (shipment_id);
