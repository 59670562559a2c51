create table stock.warehouse (
    warehouse_id bigint generated always as identity primary key,
    warehouse_code base.code not null,
    warehouse_name text not null,
    is_outside boolean not null default false,
    version integer not null default 1,
    constraint warehouse_code_uq unique (warehouse_code),
    constraint warehouse_name_ck check (length(warehouse_name) <= 200 and btrim(warehouse_name, E' \t\u3000') <> '')
);
comment on table stock.warehouse is '倉庫。 | Warehouse.';
comment on column stock.warehouse.warehouse_id is '番号。 | Number. Given by Daicho.';
comment on column stock.warehouse.warehouse_code is 'コード。 | Code. Stable for ever.';
comment on column stock.warehouse.warehouse_name is '名称。 | Name.';
comment on column stock.warehouse.is_outside is '外部倉庫。 | Outside warehouse. Run by somebody else.';
comment on column stock.warehouse.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint warehouse_code_uq on stock.warehouse is 'このコードの倉庫はすでにあります。 | A warehouse of this code exists already.';
comment on constraint warehouse_name_ck on stock.warehouse is '倉庫名は 1〜200 文字です。 | A warehouse name has 1 to 200 characters.';
alter table channel.shop add constraint shop_warehouse_fk foreign key (warehouse_id) references stock.warehouse;
alter table sales.sales_order add constraint sales_order_warehouse_fk foreign key (warehouse_id) references stock.warehouse;

create table stock.cause (
    cause smallint primary key,
    cause_code base.code not null,
    label base.bilingual not null,
    constraint cause_code_uq unique (cause_code)
);
comment on table stock.cause is '起因。在庫を動かした伝票の種類。 | Cause. The kind of record that moved stock.';
comment on column stock.cause.cause is '番号。 | Number. Kept small in the ledger.';
comment on column stock.cause.cause_code is 'コード。 | Code. Stable for ever.';
comment on column stock.cause.label is '名称。 | Name.';
comment on constraint cause_code_uq on stock.cause is 'このコードの起因はすでにあります。 | A cause of this code exists already.';
insert into stock.cause values
    (1, 'order_line', '受注明細 | Order line'), (2, 'shipment_line', '出荷明細 | Shipment line'), (3, 'goods_receipt_line', '入荷明細 | Goods receipt line'),
    (4, 'stocktake_line', '棚卸明細 | Stocktake line'), (5, 'adjustment', '在庫調整 | Adjustment'), (6, 'opening', '期首在庫 | Opening stock');

create table stock.adjustment_reason (
    adjustment_reason base.code primary key,
    label base.bilingual not null
);
comment on table stock.adjustment_reason is '調整理由。 | Adjustment reason.';
comment on column stock.adjustment_reason.adjustment_reason is 'コード。 | Code. Stable for ever.';
comment on column stock.adjustment_reason.label is '名称。 | Name.';
insert into stock.adjustment_reason values
    ('counted', '数え直し | Counted'), ('damaged', '破損 | Damaged'), ('lost', '紛失 | Lost'), ('found', '発見 | Found'),
    ('disposal', '廃棄 | Disposal'), ('sample', 'サンプル | Sample'), ('write_off', '除却 | Write-off'), ('received', '入庫 | Received'), ('other', 'その他 | Other');

create table stock.adjustment (
    adjustment_id bigint generated always as identity primary key,
    sku_id bigint not null constraint adjustment_sku_fk references catalog.sku,
    warehouse_id bigint not null constraint adjustment_warehouse_fk references stock.warehouse,
    quantity integer not null,
    adjustment_reason base.code not null constraint adjustment_reason_fk references stock.adjustment_reason,
    adjusted_at timestamptz not null default now(),
    account_id bigint,
    is_history boolean not null default false,
    external_adjustment_no text,
    note text,
    constraint adjustment_external_uq unique (external_adjustment_no),
    constraint adjustment_quantity_ck check (quantity <> 0 and quantity between -10000000 and 10000000),
    constraint adjustment_note_ck check (length(note) <= 10000 and length(external_adjustment_no) <= 200)
);
comment on table stock.adjustment is '在庫調整。追記のみ。過去の記録は台帳を動かさない。 | Adjustment. Only ever added; one of history moves no stock.';
comment on column stock.adjustment.adjustment_id is '番号。 | Number. Given by Daicho.';
comment on column stock.adjustment.sku_id is 'SKU。 | SKU.';
comment on column stock.adjustment.warehouse_id is '倉庫。 | Warehouse.';
comment on column stock.adjustment.quantity is '数。増は正、減は負。 | Quantity. Positive adds, negative takes away.';
comment on column stock.adjustment.adjustment_reason is '調整理由。 | Reason.';
comment on column stock.adjustment.adjusted_at is '調整日時。 | Adjusted at.';
comment on column stock.adjustment.account_id is '操作者。 | Account. Who did it.';
comment on column stock.adjustment.is_history is '過去の記録。 | History. Moves no stock.';
comment on column stock.adjustment.external_adjustment_no is '外部番号。 | External no. The same comes once.';
comment on column stock.adjustment.note is 'メモ。 | Note.';
comment on constraint adjustment_external_uq on stock.adjustment is 'この外部番号の調整はすでにあります。 | An adjustment of that number is here already.';
comment on constraint adjustment_note_ck on stock.adjustment is 'メモは 10000 文字まで、外部番号は 200 文字までです。 | A note has 10000 characters at most, an external no. 200.';
comment on constraint adjustment_quantity_ck on stock.adjustment is '調整数は 0 以外で、一千万までです。 | A quantity is not 0 and ten million at most.';
create index adjustment_sku_ix on stock.adjustment (sku_id, adjusted_at);

create table stock.stock_entry (
    stock_entry_id bigint generated always as identity primary key,
    entered_at timestamptz not null default clock_timestamp(),
    sku_id bigint not null constraint stock_entry_sku_fk references catalog.sku,
    warehouse_id bigint not null constraint stock_entry_warehouse_fk references stock.warehouse,
    cause_id bigint not null,
    account_id bigint,
    on_hand_change integer not null default 0,
    reserved_change integer not null default 0,
    cause_part integer not null default 1,
    cause smallint not null constraint stock_entry_cause_fk references stock.cause,
    reason text not null,
    constraint stock_entry_cause_uq unique (cause_id, cause, cause_part, sku_id, warehouse_id),
    constraint stock_entry_reason_ck check (reason in ('receive', 'ship', 'reserve', 'release', 'adjust')),
    constraint stock_entry_change_ck check (
        (reason = 'receive') <= (on_hand_change > 0 and reserved_change = 0)
        and (reason = 'ship') <= (on_hand_change < 0 and reserved_change = on_hand_change)
        and (reason = 'reserve') <= (on_hand_change = 0 and reserved_change > 0)
        and (reason = 'release') <= (on_hand_change = 0 and reserved_change < 0)
        and (reason = 'adjust') <= (on_hand_change <> 0 and reserved_change = 0)
    )
);
comment on table stock.stock_entry is '在庫台帳。在庫の変化を一行ずつ、追記のみ。 | Stock ledger. One row for each change of stock, only ever added.';
comment on column stock.stock_entry.stock_entry_id is '番号。 | Number. Given by Daicho.';
comment on column stock.stock_entry.entered_at is '記入日時。 | Entered at.';
comment on column stock.stock_entry.sku_id is 'SKU。 | SKU.';
comment on column stock.stock_entry.warehouse_id is '倉庫。 | Warehouse.';
comment on column stock.stock_entry.cause_id is '起因の番号。 | Cause id. The record that moved it.';
comment on column stock.stock_entry.account_id is '操作者。 | Account. Who did it.';
comment on column stock.stock_entry.on_hand_change is '実在庫の増減。 | Change of on hand.';
comment on column stock.stock_entry.reserved_change is '引当の増減。 | Change of reserved.';
comment on column stock.stock_entry.cause_part is '起因の何回目か。 | Part. The how many-th change of that cause.';
comment on column stock.stock_entry.cause is '起因の種類。 | Cause. Its kind.';
comment on column stock.stock_entry.reason is '理由。 | Reason. receive, ship, reserve, release or adjust.';
comment on constraint stock_entry_cause_uq on stock.stock_entry is 'この起因はすでに台帳にあります。 | This cause is in the ledger already.';
comment on constraint stock_entry_reason_ck on stock.stock_entry is '理由は receive、ship、reserve、release、adjust です。 | The reason is receive, ship, reserve, release or adjust.';
comment on constraint stock_entry_change_ck on stock.stock_entry is '理由と増減の向きが合いません。 | The direction of the change does not fit its reason.';
create index stock_entry_sku_ix on stock.stock_entry (sku_id, warehouse_id, stock_entry_id);

create table stock.stock_balance (
    sku_id bigint not null constraint stock_balance_sku_fk references catalog.sku,
    warehouse_id bigint not null constraint stock_balance_warehouse_fk references stock.warehouse,
    on_hand integer not null default 0,
    reserved integer not null default 0,
    available integer generated always as (on_hand - reserved) stored,
    oversell_limit integer not null default 0,
    version bigint not null default 0,
    constraint stock_balance_pk primary key (sku_id, warehouse_id),
    constraint stock_balance_on_hand_ck check (on_hand >= 0),
    constraint stock_balance_reserved_ck check (reserved >= 0 and reserved <= on_hand + oversell_limit)
) with (fillfactor = 50);
comment on table stock.stock_balance is '在庫残高。台帳のトリガーが保つ。 | Stock balance. Kept by the ledger''s trigger.';
comment on column stock.stock_balance.sku_id is 'SKU。 | SKU.';
comment on column stock.stock_balance.warehouse_id is '倉庫。 | Warehouse.';
comment on column stock.stock_balance.on_hand is '実在庫。 | On hand. What is in the warehouse.';
comment on column stock.stock_balance.reserved is '引当数。 | Reserved. Promised to orders.';
comment on column stock.stock_balance.available is '販売可能数。倉庫にあり、まだ約束していない数量。 | Available. On hand and not yet promised.';
comment on column stock.stock_balance.oversell_limit is '超過販売の上限。SKU から写す。 | Oversell limit. Copied from the SKU.';
comment on column stock.stock_balance.version is '版。台帳の行数。 | Version. The number of ledger rows.';
comment on constraint stock_balance_on_hand_ck on stock.stock_balance is '実在庫が 0 を下回ります。数を確かめてください。 | On hand would fall below 0; check the quantity.';
comment on constraint stock_balance_reserved_ck on stock.stock_balance is '約束した数が実在庫を超えます。 | More would be promised than is on hand.';
-- Only what may be oversold can be promised beyond the shelf. The limit seldom changes, so this index costs a balance nothing.
create index stock_balance_oversell_ix on stock.stock_balance (sku_id, warehouse_id) where oversell_limit > 0;
