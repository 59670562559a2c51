create table staff.own_table (
    own_table_id bigint generated always as identity primary key,
    table_name text not null,
    label base.bilingual not null,
    help base.bilingual,
    readers text[] not null,
    writers text[] not null,
    created_at timestamptz not null default now(),
    created_by bigint,
    removed_at timestamptz,
    removed_by bigint,
    version integer not null default 1,
    constraint own_table_name_uq unique (table_name),
    constraint own_table_name_ck check (table_name ~ '^own[.][a-z][a-z0-9_]{0,39}$')
);
comment on table staff.own_table is '独自の表。画面で作った表と、見てよい役割。 | Own table. Tables made on the page, and who may see them.';
comment on column staff.own_table.own_table_id is '番号。 | Number. Given by Daicho.';
comment on column staff.own_table.table_name is '表。own. で始まる。 | Table. It begins with own.';
comment on column staff.own_table.label is '名称。 | Name.';
comment on column staff.own_table.help is '説明。 | Help.';
comment on column staff.own_table.readers is '見る役割。 | Roles that see it.';
comment on column staff.own_table.writers is '変える役割。 | Roles that change it.';
comment on column staff.own_table.created_at is '作成日時。 | Made at.';
comment on column staff.own_table.created_by is '作成者。 | Made by.';
comment on column staff.own_table.removed_at is '外した日時。中身は残り、戻せる。 | Removed at. What it holds stays, and can be brought back.';
comment on column staff.own_table.removed_by is '外した人。 | Removed by.';
comment on column staff.own_table.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint own_table_name_uq on staff.own_table is 'この名前の表はすでにあります。 | There is a table of this name already.';
comment on constraint own_table_name_ck on staff.own_table is
    '表の名前は英小文字で始まる、英小文字・数字・_ の 40 文字までです。 | A table''s name begins with a small letter and has small letters, digits and _, 40 at most.';

create table staff.own_column (
    own_column_id bigint generated always as identity primary key,
    table_name text not null,
    column_name text not null,
    kind text not null,
    label base.bilingual not null,
    help base.bilingual,
    choices text[],
    reference_table text,
    is_required boolean not null default false,
    default_text text,
    readers text[],
    writers text[] not null,
    created_at timestamptz not null default now(),
    created_by bigint,
    removed_at timestamptz,
    removed_by bigint,
    version integer not null default 1,
    constraint own_column_name_uq unique (table_name, column_name),
    constraint own_column_name_ck check (column_name ~ '^[a-z][a-z0-9_]{0,39}$'),
    constraint own_column_kind_ck check (kind in ('text', 'long_text', 'integer', 'amount', 'yes_no', 'date', 'moment', 'choice', 'reference')),
    constraint own_column_choices_ck check ((kind = 'choice') = (choices is not null)),
    constraint own_column_reference_ck check ((kind = 'reference') = (reference_table is not null))
);
comment on table staff.own_column is '独自の列。画面で加えた列と、見てよい役割。 | Own column. Columns added on the page, and who may see them.';
comment on column staff.own_column.own_column_id is '番号。 | Number. Given by Daicho.';
comment on column staff.own_column.table_name is '表。 | Table.';
comment on column staff.own_column.column_name is '列。Daicho の表では x_ で始まる。 | Column. In a table of Daicho it begins with x_.';
comment on column staff.own_column.kind is '種類。 | Kind. What it holds.';
comment on column staff.own_column.label is '名称。 | Name.';
comment on column staff.own_column.help is '説明。 | Help.';
comment on column staff.own_column.choices is '選択肢。 | Choices.';
comment on column staff.own_column.reference_table is '参照先の表。 | Table it points to.';
comment on column staff.own_column.is_required is '必須。 | Required.';
comment on column staff.own_column.default_text is '初期値。 | Default. As it was typed.';
comment on column staff.own_column.readers is '見る役割。空は、表を見る全員。 | Roles that see it. Empty: all who see the table.';
comment on column staff.own_column.writers is '変える役割。 | Roles that change it.';
comment on column staff.own_column.created_at is '作成日時。 | Made at.';
comment on column staff.own_column.created_by is '作成者。 | Made by.';
comment on column staff.own_column.removed_at is '外した日時。値は残り、戻せる。 | Removed at. Its values stay, and can be brought back.';
comment on column staff.own_column.removed_by is '外した人。 | Removed by.';
comment on column staff.own_column.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint own_column_name_uq on staff.own_column is
    'この名前の列は、外したものも含めてすでにあります。 | There is a column of this name already, or a removed one.';
comment on constraint own_column_name_ck on staff.own_column is
    '列の名前は英小文字で始まる、英小文字・数字・_ の 40 文字までです。 | A column''s name begins with a small letter and has small letters, digits and _, 40 at most.';
comment on constraint own_column_kind_ck on staff.own_column is '種類は一覧から選びます。 | Choose the kind from the list.';
comment on constraint own_column_choices_ck on staff.own_column is '選択肢は、選択の列だけにあります。 | A choice has choices, and nothing else has.';
comment on constraint own_column_reference_ck on staff.own_column is '参照先は、参照の列だけにあります。 | A reference points to a table, and nothing else does.';
