create table mail.mailbox_kind (
    mailbox_kind base.code primary key,
    label base.bilingual not null,
    rank smallint not null
);
comment on table mail.mailbox_kind is '受信箱で読むもの。 | What is read in a mailbox.';
comment on column mail.mailbox_kind.mailbox_kind is 'コード。 | Code. Stable for ever.';
comment on column mail.mailbox_kind.label is '名称。 | Name.';
comment on column mail.mailbox_kind.rank is '順。 | Rank. Their order in lists.';
insert into mail.mailbox_kind values
    ('both', '問い合わせと不達 | Inquiries and bounces', 10), ('inquiries', '問い合わせだけ | Inquiries alone', 20),
    ('bounces', '不達だけ | Bounces alone', 30);

create table mail.mailbox (
    shop_id bigint primary key constraint mailbox_shop_fk references channel.shop,
    imap_host text not null,
    imap_port integer not null default 993,
    imap_security base.code not null default 'tls',
    imap_user text not null,
    folder text not null default 'INBOX',
    mailbox_kind base.code not null default 'both' constraint mailbox_kind_fk references mail.mailbox_kind,
    forward_to text,
    is_on boolean not null default true,
    version integer not null default 1,
    constraint mailbox_host_ck check (imap_host ~ '^[A-Za-z0-9.:-]{1,255}$'),
    constraint mailbox_port_ck check (imap_port between 1 and 65535),
    constraint mailbox_security_ck check (imap_security in ('none', 'starttls', 'tls')),
    constraint mailbox_user_ck check (length(imap_user) between 1 and 320 and imap_user !~ '[[:cntrl:]]'),
    constraint mailbox_folder_ck check (length(folder) between 1 and 200 and folder !~ '[[:cntrl:]]'),
    constraint mailbox_forward_ck check (forward_to ~ '^[^@[:space:][:cntrl:],;<>"]+@[^@[:space:][:cntrl:],;<>"]+\.[^@[:space:][:cntrl:],;<>".]+$' and length(forward_to) <= 320),
    constraint mailbox_forward_kind_ck check (forward_to is null or mailbox_kind <> 'bounces')
);
comment on table mail.mailbox is '受信箱の設定。店舗のメールをここから読む。既読にはしない。 | Mailbox. Where a shop''s incoming mail is read; nothing is marked as seen.';
comment on column mail.mailbox.shop_id is '店舗。 | Shop.';
comment on column mail.mailbox.imap_host is '受信サーバー。 | IMAP server.';
comment on column mail.mailbox.imap_port is 'ポート。空なら 993。 | Port. 993 where empty.';
comment on column mail.mailbox.imap_security is '暗号化。空なら TLS。 | Security. TLS where empty.';
comment on column mail.mailbox.imap_user is '利用者名。パスワードは登録した後にこの受信箱の画面で入れる。 | User. The password is entered on the page of this mailbox, once it is saved.';
comment on column mail.mailbox.folder is 'フォルダ。空なら INBOX。 | Folder. INBOX where empty.';
comment on column mail.mailbox.mailbox_kind is '読むもの。空なら両方。 | What is read. Both where empty.';
comment on column mail.mailbox.forward_to is '転送先。問い合わせを一通ずつこのアドレスにも送る。メールしか受けない窓口に。空なら転送しない。 | Forward to. Each inquiry is sent there too, once; for a help desk that only takes mail. Empty for none.';
comment on column mail.mailbox.is_on is '読む。空なら、はい。 | On. Yes where empty.';
comment on column mail.mailbox.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint mailbox_host_ck on mail.mailbox is '受信サーバーはホスト名か IP アドレスです。 | The server is a host name or an IP address.';
comment on constraint mailbox_port_ck on mail.mailbox is 'ポートは 1〜65535 です。 | A port is 1 to 65535.';
comment on constraint mailbox_security_ck on mail.mailbox is '暗号化は tls、starttls、none のどれかです。 | Security is tls, starttls or none.';
comment on constraint mailbox_user_ck on mail.mailbox is '利用者名は 1〜320 文字で、改行などの制御文字は書けません。 | A user has 1 to 320 characters and no control characters.';
comment on constraint mailbox_folder_ck on mail.mailbox is 'フォルダは 1〜200 文字で、改行などの制御文字は書けません。 | A folder has 1 to 200 characters and no control characters.';
comment on constraint mailbox_forward_ck on mail.mailbox is '転送先は一つのメールアドレスです（例 desk@example.com）。 | Forward to is one mail address, such as desk@example.com.';
comment on constraint mailbox_forward_kind_ck on mail.mailbox is '不達だけを読む受信箱からは転送できません。 | A mailbox that is read for bounces alone forwards nothing.';

create table mail.mailbox_gate (
    shop_id bigint primary key constraint mailbox_gate_shop_fk references channel.shop,
    folder text,
    uid_validity bigint,
    uid_read bigint not null default 0,
    read_at timestamptz,
    open_at timestamptz not null default '-infinity',
    failures integer not null default 0,
    last_error text,
    paused_at timestamptz
);
comment on table mail.mailbox_gate is '受信箱の様子。どこまで読んだか、失敗、停止。 | Mailbox gate. How far a mailbox has been read, failures, whether it is paused.';
comment on column mail.mailbox_gate.shop_id is '店舗。 | Shop.';
comment on column mail.mailbox_gate.folder is '読んだフォルダ。 | Folder that was read.';
comment on column mail.mailbox_gate.uid_validity is '番号の有効値。変わると読み直す。 | UIDVALIDITY. When it changes, recent mail is read again.';
comment on column mail.mailbox_gate.uid_read is '読み終えた番号。 | Last UID that was read.';
comment on column mail.mailbox_gate.read_at is '最後に読んだ日時。 | Last read at.';
comment on column mail.mailbox_gate.open_at is '次に読む時刻。 | Open at. It is not read before.';
comment on column mail.mailbox_gate.failures is '続けて失敗した回数。 | Failures in a row.';
comment on column mail.mailbox_gate.last_error is '最後の失敗。 | Last error.';
comment on column mail.mailbox_gate.paused_at is '停止日時。人が再開するまで読まない。 | Paused at. It is not read until a person resumes it.';

create table mail.inquiry (
    inquiry_id bigint generated always as identity primary key,
    shop_id bigint not null constraint inquiry_shop_fk references channel.shop,
    customer_id bigint constraint inquiry_customer_fk references customer.customer,
    sales_order_id bigint constraint inquiry_order_fk references sales.sales_order,
    account_id bigint,
    opened_at timestamptz not null default now(),
    last_at timestamptz not null default now(),
    state base.code not null default 'open',
    linked_by base.code,
    evidence text,
    constraint inquiry_state_ck check (state in ('open', 'answered', 'closed')),
    constraint inquiry_linked_ck check (linked_by in ('reply', 'order_no', 'address', 'person')
        and (linked_by is not null) >= (sales_order_id is not null or customer_id is not null))
);
comment on table mail.inquiry is '問い合わせ。お客様とのやりとり一続き。 | Inquiry. One thread of mails with a customer.';
comment on column mail.inquiry.inquiry_id is '番号。 | Number. Given by Daicho.';
comment on column mail.inquiry.shop_id is '店舗。 | Shop.';
comment on column mail.inquiry.customer_id is '顧客。 | Customer.';
comment on column mail.inquiry.sales_order_id is '受注。 | Order.';
comment on column mail.inquiry.account_id is '担当。 | Assigned to.';
comment on column mail.inquiry.opened_at is '始まり。 | Opened at.';
comment on column mail.inquiry.last_at is '最後のメール。 | Last mail at.';
comment on column mail.inquiry.state is '状態。open 未対応、answered 返信済み、closed 終わり。 | State. open, answered or closed.';
comment on column mail.inquiry.linked_by is '結んだ訳。reply 返信、order_no 受注番号、address アドレス、person 人。 | Linked by. reply, order_no, address or a person.';
comment on column mail.inquiry.evidence is '手がかり。見つけた番号。 | Evidence. The number that was found.';
comment on constraint inquiry_state_ck on mail.inquiry is '状態は open、answered、closed のどれかです。 | A state is open, answered or closed.';
comment on constraint inquiry_linked_ck on mail.inquiry is '受注か顧客に結んだ問い合わせには訳（reply、order_no、address、person）があります。 | An inquiry that is linked says by what: reply, order_no, address or person.';
create index inquiry_waiting_ix on mail.inquiry (last_at, inquiry_id) where state = 'open';
create index inquiry_order_ix on mail.inquiry (sales_order_id);
create index inquiry_customer_ix on mail.inquiry (customer_id);
create index inquiry_shop_ix on mail.inquiry (shop_id, last_at desc, inquiry_id desc);

create table mail.inquiry_party (
    inquiry_id bigint primary key constraint inquiry_party_inquiry_fk references mail.inquiry,
    from_address text,
    from_name text,
    subject text
);
comment on table mail.inquiry_party is '問い合わせの個人情報。差出人と件名。 | Personal data of an inquiry. Sender and subject.';
comment on column mail.inquiry_party.inquiry_id is '問い合わせ。 | Inquiry.';
comment on column mail.inquiry_party.from_address is '差出人のアドレス。返信先。@pii | Sender''s address. Answers go there. @pii';
comment on column mail.inquiry_party.from_name is '差出人の名前。@pii | Sender''s name. @pii';
comment on column mail.inquiry_party.subject is '件名。@pii | Subject. @pii';

create table mail.inquiry_message (
    inquiry_message_id bigint generated always as identity primary key,
    inquiry_id bigint not null constraint inquiry_message_inquiry_fk references mail.inquiry,
    shop_id bigint not null constraint inquiry_message_shop_fk references channel.shop,
    answer_key uuid,
    message_no text,
    in_reply_to text,
    received_at timestamptz not null default clock_timestamp(),
    size bigint not null default 0,
    is_truncated boolean not null default false,
    is_known_address boolean,
    constraint inquiry_message_uq unique (shop_id, message_no),
    constraint inquiry_message_answer_uq unique (answer_key),
    constraint inquiry_message_way_ck check ((answer_key is null) = (message_no is not null)),
    constraint inquiry_message_size_ck check (size >= 0 and length(message_no) <= 1000 and length(in_reply_to) <= 1000)
);
comment on table mail.inquiry_message is '問い合わせのメール。来たものと返したもの。 | Message of an inquiry. What came and what was answered.';
comment on column mail.inquiry_message.inquiry_message_id is '番号。 | Number. Given by Daicho.';
comment on column mail.inquiry_message.inquiry_id is '問い合わせ。 | Inquiry.';
comment on column mail.inquiry_message.shop_id is '店舗。 | Shop.';
comment on column mail.inquiry_message.answer_key is '返信の鍵。同じ画面から二度押しても一通。空なら来たメール。 | Answer key. One form makes one answer, however often it is sent; empty for one that came.';
comment on column mail.inquiry_message.message_no is 'Message-ID。ないものは内容の要約値。 | Message-ID. A digest of the content where there was none.';
comment on column mail.inquiry_message.in_reply_to is '返信の元。 | In reply to.';
comment on column mail.inquiry_message.received_at is '受信日時。返信なら書いた日時。 | Received at; of an answer, written at.';
comment on column mail.inquiry_message.size is '大きさ。バイト。 | Size. Bytes.';
comment on column mail.inquiry_message.is_truncated is '一部だけ。大きすぎて全部は残していない。 | Part only. It was too large to keep whole.';
comment on column mail.inquiry_message.is_known_address is 'お客様のアドレスから来た。 | Known address. It came from an address of the customer.';
comment on constraint inquiry_message_uq on mail.inquiry_message is 'このメールはすでに取り込まれています。 | This mail is here already.';
comment on constraint inquiry_message_answer_uq on mail.inquiry_message is 'この返信はすでにあります。 | This answer is here already.';
comment on constraint inquiry_message_way_ck on mail.inquiry_message is '来たメールには Message-ID、返信には鍵があります。 | A mail that came has a Message-ID, an answer has its key.';
comment on constraint inquiry_message_size_ck on mail.inquiry_message is '大きさは 0 以上、Message-ID は 1000 文字までです。 | A size is not below 0, a Message-ID has 1000 characters at most.';
create index inquiry_message_inquiry_ix on mail.inquiry_message (inquiry_id, inquiry_message_id);
alter table mail.mail add constraint mail_inquiry_message_fk foreign key (inquiry_message_id) references mail.inquiry_message;

create table mail.inquiry_message_party (
    inquiry_message_id bigint primary key constraint inquiry_message_party_message_fk references mail.inquiry_message,
    data_key_id bigint,
    address text,
    subject text,
    body bytea,
    raw bytea
);
comment on table mail.inquiry_message_party is '問い合わせのメールの個人情報。アドレスと件名、暗号化した本文と全文。 | Personal data of such a message. Address and subject, its text and the whole of it encrypted.';
comment on column mail.inquiry_message_party.inquiry_message_id is 'メール。 | Message.';
comment on column mail.inquiry_message_party.data_key_id is 'データ鍵。 | Data key.';
comment on column mail.inquiry_message_party.address is '差出人か宛先。@pii | From, of an answer to. @pii';
comment on column mail.inquiry_message_party.subject is '件名。@pii | Subject. @pii';
comment on column mail.inquiry_message_party.body is '本文。暗号文。@pii | Text. Ciphertext. @pii';
comment on column mail.inquiry_message_party.raw is '受け取ったままの全文。暗号文。@pii | The whole message as it came. Ciphertext. @pii';

create table mail.return_kind (
    return_kind base.code primary key,
    label base.bilingual not null,
    rank smallint not null
);
comment on table mail.return_kind is '戻ってきた知らせの種類。 | Kind of what came back.';
comment on column mail.return_kind.return_kind is 'コード。 | Code. Stable for ever.';
comment on column mail.return_kind.label is '名称。 | Name.';
comment on column mail.return_kind.rank is '順。 | Rank. Their order in lists.';
insert into mail.return_kind values
    ('hard', '届かない | Cannot be delivered', 10), ('soft', '今は届かない | Not delivered yet', 20),
    ('complaint', '苦情 | Complaint', 30), ('auto', '自動応答 | Automatic answer', 40);

create table mail.mail_return (
    mail_return_id bigint generated always as identity primary key,
    shop_id bigint not null constraint mail_return_shop_fk references channel.shop,
    mail_id bigint constraint mail_return_mail_fk references mail.mail,
    received_at timestamptz not null default clock_timestamp(),
    return_kind base.code not null constraint mail_return_kind_fk references mail.return_kind,
    message_no text not null,
    status text,
    said text,
    constraint mail_return_uq unique (shop_id, message_no),
    constraint mail_return_length_ck check (length(message_no) <= 1000 and length(status) <= 100 and length(said) <= 500)
);
comment on table mail.mail_return is '戻ってきた知らせ。不達、苦情、自動応答。 | Returns. Bounces, complaints and automatic answers that came back.';
comment on column mail.mail_return.mail_return_id is '番号。 | Number. Given by Daicho.';
comment on column mail.mail_return.shop_id is '店舗。 | Shop.';
comment on column mail.mail_return.mail_id is 'メール。どれが戻ったか。空なら分からない。 | Mail. Which one came back; empty when nobody knows.';
comment on column mail.mail_return.received_at is '受信日時。 | Received at.';
comment on column mail.mail_return.return_kind is '種類。 | Kind.';
comment on column mail.mail_return.message_no is '知らせの Message-ID。 | Message-ID of the return.';
comment on column mail.mail_return.status is '状態の番号。5.1.1 など。 | Status. Such as 5.1.1.';
comment on column mail.mail_return.said is '相手の言葉。アドレスは除く。 | What was said, without addresses.';
comment on constraint mail_return_uq on mail.mail_return is 'この知らせはすでに取り込まれています。 | This return is here already.';
comment on constraint mail_return_length_ck on mail.mail_return is '長さは番号 100 文字、言葉 500 文字までです。 | A status has 100 characters, what was said 500 at most.';
create index mail_return_mail_ix on mail.mail_return (mail_id);
