create table transit.data_key (
    data_key_id bigint generated always as identity primary key,
    shop_id bigint not null constraint data_key_shop_fk references channel.shop,
    external_no text not null,
    wrapped_key bytea not null,
    created_at timestamptz not null default now(),
    constraint data_key_external_uq unique (shop_id, external_no)
);
comment on table transit.data_key is 'データ鍵。店舗と受注ごと。消すと元の通信は読めなくなる。 | Data key. One per shop and order; deleting it makes the raw messages unreadable.';
comment on constraint data_key_external_uq on transit.data_key is 'この受注のデータ鍵はすでにあります。 | The data key of this order is here already.';
comment on column transit.data_key.data_key_id is '番号。 | Number. Given by Daicho.';
comment on column transit.data_key.shop_id is '店舗。 | Shop.';
comment on column transit.data_key.external_no is '受注番号。 | External no.';
comment on column transit.data_key.wrapped_key is '鍵。設置先の鍵で包んだもの。 | Key. Wrapped by the installation''s key.';
comment on column transit.data_key.created_at is '作成日時。 | Created at.';

create table transit.message (
    message_id bigint generated always as identity primary key,
    shop_id bigint not null constraint message_shop_fk references channel.shop,
    data_key_id bigint constraint message_data_key_fk references transit.data_key on delete set null,
    received_at timestamptz not null default clock_timestamp(),
    changed_at timestamptz,
    accepted_at timestamptz,
    sales_order_id bigint constraint message_order_fk references sales.sales_order,
    body_digest uuid not null,
    attempt smallint not null default 0,
    message_kind base.code not null default 'order',
    outcome text,
    external_no text not null,
    map_code text,
    body bytea,
    constraint message_outcome_ck check (outcome in ('accepted', 'changed', 'cancelled', 'repeated', 'blocked', 'set_aside', 'matched')),
    constraint message_accepted_ck check ((outcome is null) = (accepted_at is null))
);
comment on table transit.message is '受信。店舗が送ったそのまま、暗号化して保つ。 | Message. What a shop sent, as it was, encrypted.';
comment on constraint message_outcome_ck on transit.message is
    '結果は accepted、changed、cancelled、repeated、blocked、set_aside、matched のどれかです。 | The outcome is accepted, changed, cancelled, repeated, blocked, set_aside or matched.';
comment on constraint message_accepted_ck on transit.message is '結果と処理日時は一緒に入ります。 | Outcome and time of dealing with it go together.';
comment on column transit.message.message_id is '番号。到着順。 | Number. In order of arrival.';
comment on column transit.message.shop_id is '店舗。 | Shop.';
comment on column transit.message.data_key_id is 'データ鍵。 | Data key.';
comment on column transit.message.received_at is '受信日時。 | Received at.';
comment on column transit.message.changed_at is '店舗側の更新日時。 | Changed at the shop.';
comment on column transit.message.accepted_at is '処理日時。 | Dealt with at.';
comment on column transit.message.sales_order_id is '受注。 | Order.';
comment on column transit.message.body_digest is '内容の要約。 | Digest. Of the body.';
comment on column transit.message.attempt is '試行回数。 | Attempts.';
comment on column transit.message.message_kind is '種類。 | Kind.';
comment on column transit.message.outcome is '結果。空なら未処理。 | Outcome. Empty while not dealt with.';
comment on column transit.message.external_no is '店舗側の番号。 | External no.';
comment on column transit.message.map_code is '対応表。ファイル取込の場合。 | Column map. When it came in a file.';
comment on column transit.message.body is '本文。暗号文。@pii | Body. Ciphertext. @pii';
create index message_open_ix on transit.message (shop_id, message_id) where outcome is null;
create index message_external_ix on transit.message (shop_id, external_no, body_digest);
create index message_order_ix on transit.message (sales_order_id);

create table transit.cursor (
    shop_id bigint not null constraint cursor_shop_fk references channel.shop,
    cursor_kind base.code not null,
    value text,
    moved_at timestamptz not null default clock_timestamp(),
    constraint cursor_pk primary key (shop_id, cursor_kind)
);
comment on table transit.cursor is '取込位置。 | Cursor. How far a shop has been read.';
comment on column transit.cursor.shop_id is '店舗。 | Shop.';
comment on column transit.cursor.cursor_kind is '種類。 | Kind. What is read.';
comment on column transit.cursor.value is '位置。 | Value. Of the remote''s own form.';
comment on column transit.cursor.moved_at is '更新日時。 | Moved at.';

create table transit.sku_changed (
    sku_id bigint primary key constraint sku_changed_sku_fk references catalog.sku,
    changed_at timestamptz not null default clock_timestamp(),
    is_served boolean not null default false
) with (fillfactor = 50);
comment on table transit.sku_changed is '変化した SKU。まだ店舗に伝えていない。 | Changed SKU. Its listings have not been told yet.';
comment on column transit.sku_changed.sku_id is 'SKU。 | SKU.';
comment on column transit.sku_changed.changed_at is '変化日時。 | Changed at.';
comment on column transit.sku_changed.is_served is '待つ受注に配り終えた。これから店舗に伝える。 | Served. Orders that waited have had their share; the shops may be told.';

create table transit.outgoing (
    kind base.code primary key,
    label base.bilingual not null,
    is_on boolean not null default false,
    changed_at timestamptz not null default now(),
    changed_by bigint
);
comment on table transit.outgoing is '送信スイッチ。外へ出してよいもの。 | Outgoing. What may leave the house; read where due rows are claimed.';
comment on column transit.outgoing.kind is '種類。 | Kind.';
comment on column transit.outgoing.label is '名称。 | Name.';
comment on column transit.outgoing.is_on is '送信する。 | On.';
comment on column transit.outgoing.changed_at is '切替日時。 | Changed at.';
comment on column transit.outgoing.changed_by is '切り替えた人。 | Changed by.';
insert into transit.outgoing (kind, label) values
    ('stock', '在庫 | Stock'), ('shipment', '出荷通知 | Shipment notices'), ('mail', 'メール | Mail');

create table transit.house (
    house bigint primary key,
    database_oid oid not null,
    system_identifier bigint not null,
    timeline_id integer not null,
    constraint house_one_ck check (house = 1)
);
comment on table transit.house is 'この家。送信を許したデータベース自身の印。写しでは一致しない。 | House. The mark of the very database that was allowed to send; a copy does not match it.';
comment on column transit.house.house is '常に 1。 | Always 1.';
comment on column transit.house.database_oid is 'データベースの番号。 | The database''s own number.';
comment on column transit.house.system_identifier is 'サーバーの番号。 | The server''s own number.';
comment on column transit.house.timeline_id is '系統の番号。待機系の昇格や過去の時点への復元で変わる。 | The timeline. A standby that is promoted, or a recovery to a moment, begins another one.';
comment on constraint house_one_ck on transit.house is '一行だけの表です。 | This table has one row.';

create table transit.shop_gate (
    shop_id bigint primary key constraint shop_gate_shop_fk references channel.shop,
    open_at timestamptz not null default '-infinity',
    served_at timestamptz not null default '-infinity',
    failing_since timestamptz,
    failures integer not null default 0,
    last_error text
);
comment on table transit.shop_gate is '店舗の待ち時間と接続の様子。 | Shop gate. A shop that said "too many" is asked again after this time; and how its connection is.';
comment on column transit.shop_gate.shop_id is '店舗。 | Shop.';
comment on column transit.shop_gate.open_at is '再開時刻。 | Open at. Nothing is asked of it before.';
comment on column transit.shop_gate.served_at is '前回の送信。 | Served at. The next turn goes to the shop that waited longest.';
comment on column transit.shop_gate.failing_since is '不通になった時刻。 | Failing since. Empty while it answers.';
comment on column transit.shop_gate.failures is '続けて失敗した回数。 | Failures in a row.';
comment on column transit.shop_gate.last_error is '最後の失敗。 | Last error. Its class, in words.';

create sequence transit.lease_seq;
comment on sequence transit.lease_seq is '担当番号。 | Lease numbers.';
create table transit.push (
    shop_id bigint not null constraint push_shop_fk references channel.shop,
    listing_id bigint constraint push_listing_fk references channel.listing,
    shipment_id bigint constraint push_shipment_fk references shipping.shipment,
    subject_id bigint generated always as (coalesce(listing_id, shipment_id)) stored,
    wanted_version bigint not null default 1,
    done_version bigint not null default 0,
    claimed_version bigint not null default 0,
    lease bigint,
    lease_until timestamptz,
    due_at timestamptz not null default '-infinity',
    done_at timestamptz,
    sent_level integer,
    attempt integer not null default 0,
    is_echo boolean not null default false,
    is_refused boolean not null default false,
    is_due boolean generated always as (done_version < wanted_version) stored,
    kind base.code not null constraint push_kind_fk references transit.outgoing,
    constraint push_pk primary key (kind, subject_id),
    constraint push_subject_ck check (
        (kind = 'stock') = (listing_id is not null) and (kind = 'shipment') = (shipment_id is not null)
    ),
    constraint push_version_ck check (done_version <= wanted_version and claimed_version <= wanted_version),
    constraint push_lease_ck check ((lease is null) = (lease_until is null))
) with (fillfactor = 50);
comment on table transit.push is '送信待ち。店舗にまだ伝えていないこと。出品か出荷ごとに一行。 | Push. What a shop has still to be told, one row for each listing or shipment.';
comment on column transit.push.shop_id is '店舗。 | Shop.';
comment on column transit.push.listing_id is '出品。在庫の場合。 | Listing. Of a stock push.';
comment on column transit.push.shipment_id is '出荷。出荷通知の場合。 | Shipment. Of a shipment push.';
comment on column transit.push.subject_id is '対象。 | Subject. The listing or the shipment.';
comment on column transit.push.wanted_version is '伝えたい版。 | Wanted version. Counted here, with each change.';
comment on column transit.push.done_version is '伝えた版。 | Done version.';
comment on column transit.push.claimed_version is '送信中の版。 | Claimed version.';
comment on column transit.push.lease is '担当番号。 | Lease. Of the worker that is sending it.';
comment on column transit.push.lease_until is '担当期限。 | Lease until. Afterwards another may take it.';
comment on column transit.push.due_at is '送信予定。 | Due at. Not before this time.';
comment on column transit.push.done_at is '送信日時。 | Done at.';
comment on column transit.push.sent_level is '送った数。在庫の場合。 | Sent level. What the shop was told last.';
comment on column transit.push.attempt is '試行回数。 | Attempts. Since the last success.';
comment on column transit.push.is_echo is '念押し。期限切れの担当が古い数を送ったかもしれず、もう一度送る。 | Echo. Sent once more, because a late worker may have sent an old level.';
comment on column transit.push.is_refused is '店舗が断った。人が直すまで送らない。 | Refused. The shop said no; not sent until a person acts.';
comment on column transit.push.is_due is '送信待ち。 | Due.';
comment on column transit.push.kind is '種類。 | Kind.';
comment on constraint push_subject_ck on transit.push is '在庫は出品に、出荷通知は出荷に付きます。 | Stock belongs to a listing, a shipment notice to a shipment.';
comment on constraint push_version_ck on transit.push is '伝えた版が、伝えたい版を超えています。 | More is told than was to be told.';
comment on constraint push_lease_ck on transit.push is '担当番号と期限は一緒に入ります。 | A lease has its end.';
create index push_due_ix on transit.push (shop_id, kind, subject_id) where is_due;

create table transit.job_request (
    job_request_id bigint generated always as identity primary key,
    lane base.code not null default 'now',
    job base.code not null,
    arguments jsonb not null default '{}',
    requested_at timestamptz not null default clock_timestamp(),
    requested_by bigint,
    due_at timestamptz not null default clock_timestamp(),
    lease bigint,
    lease_until timestamptz,
    attempt integer not null default 0,
    done_at timestamptz,
    answer jsonb,
    error text,
    label base.bilingual,
    step base.bilingual,
    done integer not null default 0,
    of_all integer not null default 0,
    mark jsonb,
    started_at timestamptz,
    cancel_wanted_at timestamptz,
    cancelled_at timestamptz,
    file_name text,
    stored_as text,
    asked_as base.code,
    constraint job_request_lane_ck check (lane in ('now', 'orders', 'push', 'slow', 'long', 'mail')),
    constraint job_request_lease_ck check ((lease is null) = (lease_until is null)),
    constraint job_request_cancel_ck check ((cancelled_at is not null) <= (done_at is not null and cancel_wanted_at is not null)),
    constraint job_request_file_ck check ((file_name is null) = (stored_as is null) and stored_as ~ '^[0-9a-f]{32}$'),
    constraint job_request_progress_ck check (done >= 0 and of_all >= 0)
);
comment on table transit.job_request is
    'ジョブの依頼。画面や時刻表が置き、作業係が拾う。進み、結果、取消、やり直しはここだけにある。 | Job request. Put by a screen or the schedule, taken by a worker; its progress, result, cancel and retry are here and nowhere else.';
comment on column transit.job_request.job_request_id is '番号。 | Number. Given by Daicho.';
comment on column transit.job_request.lane is '列。 | Lane.';
comment on column transit.job_request.job is 'ジョブ。 | Job.';
comment on column transit.job_request.arguments is '引数。自動のジョブは番号だけ。人が頼んだジョブは条件も。終わった翌日に消える。 | Arguments. Ids alone for what runs by itself; conditions too for what a person asked, gone the day after it ended.';
comment on column transit.job_request.requested_at is '依頼日時。 | Requested at.';
comment on column transit.job_request.requested_by is '依頼者。 | Requested by.';
comment on column transit.job_request.due_at is '開始予定。 | Due at.';
comment on column transit.job_request.lease is '担当番号。 | Lease.';
comment on column transit.job_request.lease_until is '担当期限。 | Lease until.';
comment on column transit.job_request.attempt is '試行回数。前に進むと 1 に戻る。 | Attempts. One again once it got on.';
comment on column transit.job_request.done_at is '終了日時。 | Done at.';
comment on column transit.job_request.answer is '答え。 | Answer.';
comment on column transit.job_request.error is '失敗の理由。 | Error. In words.';
comment on column transit.job_request.label is '名称。人が頼んだジョブだけ。 | Name. Of what a person asked for; empty for what runs by itself.';
comment on column transit.job_request.step is '今していること。 | Step. What it is doing.';
comment on column transit.job_request.done is '済んだ数。 | Done.';
comment on column transit.job_request.of_all is '全体の数。0 はまだ不明。 | Of all. 0 while not known.';
comment on column transit.job_request.mark is '目印。どこまで済んだか。済んだ分と同じ取引で書き、そこから続ける。 | Mark. How far it is, written in one transaction with what was done; it goes on from there.';
comment on column transit.job_request.started_at is '開始日時。 | Started at.';
comment on column transit.job_request.cancel_wanted_at is '取消を頼んだ日時。 | Cancel wanted at.';
comment on column transit.job_request.cancelled_at is '取消日時。済んだ分は残る。 | Cancelled at. What was done stays.';
comment on column transit.job_request.file_name is 'ファイル名。結果がファイルの場合。 | File name. When the result is a file.';
comment on column transit.job_request.asked_as is 'トークンの役割。担当者の役割より小さい場合。 | Asked as. The role of the API token, where it is less than the account''s.';
comment on column transit.job_request.stored_as is '保管名。翌日に消える。 | Stored as. Gone the day after.';
comment on constraint job_request_lane_ck on transit.job_request is '列は now、orders、push、slow、long、mail です。 | A lane is now, orders, push, slow, long or mail.';
comment on constraint job_request_lease_ck on transit.job_request is '担当番号と期限は一緒に入ります。 | A lease has its end.';
comment on constraint job_request_cancel_ck on transit.job_request is '取り消されたジョブは、取消を頼まれて終わったジョブです。 | A cancelled job is one whose cancel was asked for and that has ended.';
comment on constraint job_request_file_ck on transit.job_request is 'ファイル名と正しい保管名は一緒に入ります。 | A file name goes with a stored name of the right form.';
comment on constraint job_request_progress_ck on transit.job_request is '進みは 0 以上です。 | Progress is not below 0.';
create index job_request_open_ix on transit.job_request (lane, due_at, job_request_id) where done_at is null;
create index job_request_asked_ix on transit.job_request (requested_by, job_request_id) where label is not null;

create table transit.schedule (
    schedule_code base.code primary key,
    label base.bilingual not null,
    job base.code not null,
    lane base.code not null,
    every interval not null,
    per_shop boolean not null default false,
    capability text,
    is_on boolean not null default true,
    constraint schedule_every_ck check (every between interval '1 second' and interval '40 days')
);
comment on table transit.schedule is '時刻表。何をどの間隔で行うか。 | Schedule. What runs, and how often.';
comment on column transit.schedule.schedule_code is 'コード。 | Code. Stable for ever.';
comment on column transit.schedule.label is '名称。 | Name.';
comment on column transit.schedule.job is 'ジョブ。 | Job.';
comment on column transit.schedule.lane is '列。 | Lane.';
comment on column transit.schedule.every is '間隔。 | Every.';
comment on column transit.schedule.per_shop is '店舗ごと。 | For each shop.';
comment on column transit.schedule.capability is '必要な能力。これができる店舗だけ。 | Capability. Only for shops whose channel has it.';
comment on column transit.schedule.is_on is '有効。 | On.';
comment on constraint schedule_every_ck on transit.schedule is '間隔は 1 秒から 40 日です。 | An interval is 1 second to 40 days.';
insert into transit.schedule (schedule_code, label, job, lane, every, per_shop, capability) values
    ('pull_orders', '受注を取り込む | Fetch orders', 'pull_orders', 'orders', '60 seconds', true, 'orders'),
    ('accept_messages', '未処理の受信を処理する | Accept what was left', 'accept_messages', 'orders', '30 seconds', false, null),
    ('refresh_holds', '日付による保留を見直す | Refresh holds that wait for a day', 'refresh_holds', 'slow', '10 minutes', false, null),
    ('run_checks', '検査を行う | Run the checks', 'run_checks', 'slow', '5 minutes', false, null),
    ('compare_stock', '店舗の在庫と比べる | Compare with the shops'' stock', 'compare_stock', 'slow', '1 hour', true, 'stock_read'),
    ('keep_counts', '件数を数え直す | Keep the counts of the sidebar', 'keep_counts', 'slow', '60 seconds', false, null),
    ('keep_retention', '保存期間を守る | Keep the retention clocks', 'keep_retention', 'slow', '1 day', false, null),
    ('remove_files', '一日たったファイルを消す | Remove files after a day', 'remove_files', 'slow', '1 hour', false, null);

create table transit.schedule_run (
    schedule_code base.code not null constraint schedule_run_schedule_fk references transit.schedule on delete cascade,
    shop_id bigint not null default 0,
    next_at timestamptz not null default '-infinity',
    last_at timestamptz,
    constraint schedule_run_pk primary key (schedule_code, shop_id)
);
comment on table transit.schedule_run is '時刻表の実行。 | Schedule run. When each was last and is next.';
comment on column transit.schedule_run.schedule_code is '時刻表。 | Schedule.';
comment on column transit.schedule_run.shop_id is '店舗。0 は全体。 | Shop. 0 for the whole house.';
comment on column transit.schedule_run.next_at is '次回。 | Next at.';
comment on column transit.schedule_run.last_at is '前回。 | Last at.';

create table transit.inbox_reason (
    inbox_reason base.code primary key,
    label base.bilingual not null,
    hint base.bilingual not null
);
comment on table transit.inbox_reason is '要対応の理由。 | Inbox reason.';
comment on column transit.inbox_reason.inbox_reason is 'コード。 | Code. Stable for ever.';
comment on column transit.inbox_reason.label is '名称。 | Name.';
comment on column transit.inbox_reason.hint is 'すること。 | What to do.';
insert into transit.inbox_reason values
    ('changed_too_late', '出荷・キャンセル後の変更 | Changed after it was shipped or cancelled', '店舗と伝票を比べ、返品か再出荷を決めます。 | Compare shop and slip; decide on a return or another shipment.'),
    ('unreadable', '読めない受信 | Unreadable message', '店舗の画面で受注を確かめます。形が変わっていれば接続の更新が必要です。 | Look at the order in the shop; if its form changed, the connector needs an update.'),
    ('refused_draft', '受け付けられない受注 | Order that cannot be taken', '理由を読み、店舗側か対応表を直します。直すと自動で取り込まれます。 | Read the reason and mend the shop''s data or the column map; it is then taken in by itself.'),
    ('unmatched_cancellation', '売上が見つからない取消 | Cancellation without its sale', '取り消した売上が取込期間より前でないか確かめます。 | See whether the sale lies before what was imported.'),
    ('not_an_order', '受注ではない行 | Row that is not an order', '料金や調整の行です。必要なら手で記録します。 | A fee or correction; record it by hand if it matters.'),
    ('push_refused', '店舗が断った送信 | The shop refused what was sent', '出品の番号と設定を確かめます。 | Check the listing''s number and settings.'),
    ('shop_needs_staff', '店舗の接続が止まった | A shop needs a person', '接続情報を確かめ、再開します。 | Check the credentials, then resume the shop.'),
    ('shop_changed', '店舗の形式が変わった | The shop changed its form', '接続を停止しました。更新を待ちます。 | The shop is paused; its connector needs an update.'),
    ('job_failed', 'ジョブが失敗した | A job failed', '理由を読みます。原因がなくなれば再び動きます。 | Read the reason; it runs again when the cause is gone.'),
    ('form_wrong', '店舗の様式で帳票を組めない | A shop''s template cannot be set', '様式を直すか標準に戻し、その受注の帳票を作り直します。 | Mend the template or go back to the standard one, then make the documents of these orders again.'),
    ('mail_unknown', '届いたか分からないメール | A mail that may or may not have gone', 'メールの画面で、届いたかを決めます。自動では送り直しません。 | Settle on its page whether it went; it is never sent again by itself.'),
    ('mail_refused', '送れないメール | A mail that cannot be sent', '理由を読み、宛先かひな形を直して、もう一度送ります。 | Read the reason, mend the address or the template, then send it again.'),
    ('mail_server', '送信サーバーが使えない | A mail server does not work', 'メール設定を確かめ、再開します。 | Check the mail account, then resume it.'),
    ('mailbox', '受信箱が読めない | A mailbox cannot be read', '受信箱の設定を確かめ、再開します。 | Check the mailbox, then resume it.'),
    ('mail_forward', '転送が多すぎる | Too much to forward', '迷惑メールか、メールの往復です。一通ずつの問い合わせは「問い合わせ」に残っています。 | Spam, or two machines answering each other; each mail is kept under Inquiries.'),
    ('mail_forward_waits', '転送が待っている | Mails wait to be forwarded', '店舗のメール設定を登録して有効にします。待っているメールはそれから自動で転送されます。転送しないなら、受信箱の転送先を空にします。 | Enter the shop''s mail account and switch it on: what waits is forwarded by itself. To forward nothing, empty Forward to of the mailbox.'),
    ('mail_bounced', '届かなかったメール | A mail that bounced', 'お客様のアドレスを確かめ、直したらもう一度送ります。 | Check the buyer''s address; once mended, send it again.'),
    ('stock_drift', '店舗の在庫がずれていた | A shop''s stock was off', '自動で送り直しました。続くなら、店舗側で手で変えていないか確かめます。 | It was sent again; if it goes on, see who changes it at the shop.');

create table transit.inbox (
    inbox_id bigint generated always as identity primary key,
    inbox_reason base.code not null constraint inbox_reason_fk references transit.inbox_reason,
    noted_at timestamptz not null default now(),
    closed_at timestamptz,
    closed_by bigint,
    close_note text,
    shop_id bigint constraint inbox_shop_fk references channel.shop,
    message_id bigint constraint inbox_message_fk references transit.message on delete set null,
    sales_order_id bigint constraint inbox_order_fk references sales.sales_order,
    listing_id bigint constraint inbox_listing_fk references channel.listing,
    subject text,
    detail text,
    seen integer not null default 1,
    is_open boolean not null generated always as (closed_at is null) stored,
    constraint inbox_close_ck check ((closed_at is not null) >= (closed_by is not null or close_note is not null)),
    constraint inbox_close_note_ck check (length(close_note) <= 10000 and translate(close_note, E'\n\r\t', '') !~ '[[:cntrl:]]')
);
comment on table transit.inbox is '要対応。人が見るべきこと。 | Inbox. What needs a person.';
comment on column transit.inbox.inbox_id is '番号。 | Number. Given by Daicho.';
comment on column transit.inbox.inbox_reason is '理由。 | Reason.';
comment on column transit.inbox.noted_at is '記録日時。 | Noted at.';
comment on column transit.inbox.closed_at is '対応日時。 | Closed at.';
comment on column transit.inbox.closed_by is '対応した人。 | Closed by.';
comment on column transit.inbox.close_note is '対応メモ。@pii @multiline | Note on closing. @pii @multiline';
comment on column transit.inbox.shop_id is '店舗。 | Shop.';
comment on column transit.inbox.message_id is '受信。 | Message.';
comment on column transit.inbox.sales_order_id is '受注。 | Order.';
comment on column transit.inbox.listing_id is '出品。 | Listing.';
comment on column transit.inbox.subject is '対象。店舗側の番号など。 @bilingual | Subject. Such as the shop''s number. @bilingual';
comment on column transit.inbox.detail is '内容。個人情報は含まない。 @bilingual | Detail. Without personal data. @bilingual';
comment on column transit.inbox.seen is '回数。同じことが起きた数。 | Times. How often the same happened.';
comment on column transit.inbox.is_open is '未対応。 | Open. Nobody has closed it yet.';
comment on constraint inbox_close_note_ck on transit.inbox is '対応メモは 10000 文字までで、改行とタブのほかの制御文字は書けません。 | A note on closing has 10000 characters at most and, but for line breaks and tabs, no control characters.';
comment on constraint inbox_close_ck on transit.inbox is '対応した人とメモは、対応日時と一緒に入ります。 | Who closed it and the note go with the time of closing.';
create unique index inbox_open_uq on transit.inbox
    (inbox_reason, coalesce(shop_id, 0), coalesce(sales_order_id, 0), coalesce(listing_id, 0), coalesce(subject, '')) where closed_at is null;
create index inbox_order_ix on transit.inbox (sales_order_id);
create index inbox_waiting_ix on transit.inbox (inbox_reason, noted_at, inbox_id) where is_open;

create table transit.file_import (
    file_import_id bigint generated always as identity primary key,
    shop_id bigint not null constraint file_import_shop_fk references channel.shop,
    map_code text not null,
    is_history boolean not null,
    is_dry_run boolean not null,
    file_name text not null,
    stored_as text not null,
    job_request_id bigint not null constraint file_import_job_fk references transit.job_request on delete cascade,
    constraint file_import_name_ck check (length(file_name) between 1 and 200),
    constraint file_import_stored_ck check (stored_as ~ '^[0-9a-f]{32}(\.xz|\.gz)?$'),
    constraint file_import_job_uq unique (job_request_id)
);
comment on table transit.file_import is 'ファイル取込。画面から頼んだ取込。進みと結果はジョブの依頼にある。 | File import. What was asked for on the page; its progress and result are those of its job request.';
comment on column transit.file_import.file_import_id is '番号。 | Number. Given by Daicho.';
comment on column transit.file_import.shop_id is '店舗。 | Shop.';
comment on column transit.file_import.map_code is '列の対応表。 | Column map.';
comment on column transit.file_import.is_history is '過去受注として。在庫、送信、メールを動かさない。 | As history. Moves no stock, sends nothing.';
comment on column transit.file_import.is_dry_run is '調べるだけ。何も書かない。 | Look only. Nothing is written.';
comment on column transit.file_import.file_name is 'ファイル名。 | File name.';
comment on column transit.file_import.stored_as is '保管名。取り込むと消える。 | Stored as. Removed once it is in.';
comment on column transit.file_import.job_request_id is 'ジョブの依頼。進みと結果。 | Job request. Its progress and result.';
comment on constraint file_import_name_ck on transit.file_import is 'ファイル名は 1〜200 文字です。 | A file name has 1 to 200 characters.';
comment on constraint file_import_stored_ck on transit.file_import is '保管名が正しい形ではありません。 | The stored name has a wrong form.';
comment on constraint file_import_job_uq on transit.file_import is 'このジョブの取込はすでにあります。 | This job has its import already.';
comment on constraint file_import_job_fk on transit.file_import is '取込にはジョブの依頼があります。 | An import has its job request.';
create index file_import_shop_ix on transit.file_import (shop_id, file_import_id);
