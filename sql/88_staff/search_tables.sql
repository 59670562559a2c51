create table staff.saved_search (
    saved_search_id bigint generated always as identity primary key,
    account_id bigint not null constraint saved_search_account_fk references staff.account on delete cascade,
    relation text not null,
    search_name text not null,
    condition jsonb not null default '{}',
    columns text[] not null default '{}',
    sort text[] not null default '{}',
    position integer not null default 0,
    is_pinned boolean not null default false,
    is_shared boolean not null default false,
    staff_role base.code constraint saved_search_role_fk references staff.staff_role on delete cascade,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint saved_search_name_uq unique (account_id, relation, search_name),
    constraint saved_search_name_ck check (length(btrim(search_name)) between 1 and 100 and search_name !~ '[[:cntrl:]]'),
    constraint saved_search_role_ck check ((staff_role is not null) <= is_shared),
    constraint saved_search_columns_ck check (cardinality(columns) <= 100 and cardinality(sort) <= 10),
    constraint saved_search_position_ck check (position between 0 and 10000)
);
comment on table staff.saved_search is '抽出条件。名前を付けて残した条件、列、並び順。 | Saved search. Conditions, columns and order of a list under a name.';
comment on column staff.saved_search.saved_search_id is '番号。 | Number. Given by Daicho.';
comment on column staff.saved_search.account_id is '持ち主。変えられるのは持ち主だけ。 | Owner. Who alone can change it.';
comment on column staff.saved_search.relation is '表。schema.table の形。 | Table. As schema.table.';
comment on column staff.saved_search.search_name is '名称。 | Name. As the sidebar shows it.';
comment on column staff.saved_search.condition is '条件。access.condition_sql が読む木。 | Condition. The tree that access.condition_sql reads.';
comment on column staff.saved_search.columns is '列。空なら一覧のいつもの列。 | Columns. Empty for those that the list usually has.';
comment on column staff.saved_search.sort is '並び順。列の名前、降順は前に -。 | Order. Names of columns; a - before one turns it round.';
comment on column staff.saved_search.position is '表示順。 | Position. Among others; the smallest comes first.';
comment on column staff.saved_search.is_pinned is 'メニューに出す。件数も数える。 | Pinned. Stands in the sidebar, with its count.';
comment on column staff.saved_search.is_shared is '共有。ほかの人にも見える。 | Shared. Others see it too.';
comment on column staff.saved_search.staff_role is '共有する役割。空なら全員。 | Shared with the role. Empty for everybody.';
comment on column staff.saved_search.created_at is '登録日時。 | Created at.';
comment on column staff.saved_search.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint saved_search_name_uq on staff.saved_search is 'この名前の抽出条件はすでにあります。 | You have a saved search of that name already.';
comment on constraint saved_search_name_ck on staff.saved_search is '名称は 1〜100 文字で、改行は使えません。 | A name has 1 to 100 characters and no line breaks.';
comment on constraint saved_search_role_ck on staff.saved_search is '役割を選べるのは、共有するときだけです。 | A role is chosen only for a search that is shared.';
comment on constraint saved_search_columns_ck on staff.saved_search is '列は 100 まで、並び順は 10 までです。 | It has 100 columns and 10 columns of order at most.';
comment on constraint saved_search_position_ck on staff.saved_search is '表示順は 0〜10,000 です。 | A position is 0 to 10,000.';
create index saved_search_shared_ix on staff.saved_search (relation) where is_shared;

create table staff.kept_count (
    scope_key text not null,
    count_code text not null,
    counted integer,
    is_limited boolean not null default false,
    oldest_at timestamptz,
    fault text,
    counted_at timestamptz not null,
    constraint kept_count_pk primary key (scope_key, count_code),
    constraint kept_count_counted_ck check ((counted is null) = (fault is not null))
);
comment on table staff.kept_count is
    '数えておいた件数。役割と担当範囲ごとに、ジョブが数え直す。 | Kept count. Counted again and again by a job, for each role and scope that somebody has.';
comment on column staff.kept_count.scope_key is '範囲。役割、店舗、倉庫。 | Scope. Role, shops and warehouses.';
comment on column staff.kept_count.count_code is
    'コード。status:on_hold、hold:buyer_note、inbox、search:12 など。 | Code. Such as status:on_hold, hold:buyer_note, inbox or search:12.';
comment on column staff.kept_count.counted is '件数。数えられなければ空。 | Count. Empty when it could not be counted.';
comment on column staff.kept_count.is_limited is '上限まで数えた。それより多い。 | Limited. There are more than were counted.';
comment on column staff.kept_count.oldest_at is '最も古いもの。 | Oldest at.';
comment on column staff.kept_count.fault is '数えられない理由。 | Fault. Why it could not be counted.';
comment on column staff.kept_count.counted_at is '数えた日時。 | Counted at.';
comment on constraint kept_count_counted_ck on staff.kept_count is '件数か、数えられない理由のどちらかがあります。 | There is either a count or the reason why there is none.';
