create table mail.mail_event (
    mail_event base.code primary key,
    label base.bilingual not null,
    is_by_itself boolean not null,
    rank smallint not null
);
comment on table mail.mail_event is 'メールのきっかけ。 | Mail event. What a mail tells of.';
comment on column mail.mail_event.mail_event is 'コード。 | Code. Stable for ever.';
comment on column mail.mail_event.label is '名称。 | Name.';
comment on column mail.mail_event.is_by_itself is '自動で起きる。規則で送れる。 | By itself. Rules can send a mail when it happens.';
comment on column mail.mail_event.rank is '順。 | Rank. Their order in lists.';
insert into mail.mail_event values
    ('order_received', '受注 | Order received', true, 10), ('payment_asked', '入金のお願い | Payment asked', true, 20),
    ('payment_received', '入金確認 | Payment received', true, 30), ('payment_reminder', '入金の催促 | Payment reminder', true, 40),
    ('delayed', '出荷の遅れ | Delayed', true, 50), ('back_in_stock', '入荷 | Back in stock', true, 60), ('shipped', '出荷 | Shipped', true, 70),
    ('delivered', 'お届け後（レビューのお願い） | Delivered, review asked', true, 80), ('cancelled', 'キャンセル | Cancelled', true, 90),
    ('refunded', '返金 | Refunded', true, 100), ('chosen', '選んで送る | Sent to chosen orders', false, 110), ('reply', '返信 | Reply', false, 120), ('forward', '転送 | Forwarded', false, 130);

create table mail.mail_variable (
    variable text primary key,
    label base.bilingual not null,
    rank smallint not null,
    constraint mail_variable_form_ck check (variable ~ '^[a-z_]+(\.[a-z_]+)*$')
);
comment on table mail.mail_variable is '差込項目。ひな形に書ける項目。 | Mail variable. What a template may say.';
comment on column mail.mail_variable.variable is '項目。ひな形に書く名前。一覧の項目は「一覧.項目」。 | Variable. As templates write it; of a list, list.item.';
comment on column mail.mail_variable.label is '意味。 | Meaning.';
comment on column mail.mail_variable.rank is '順。 | Rank. Their order in lists.';
comment on constraint mail_variable_form_ck on mail.mail_variable is '項目は英小文字と _ を . でつないだ名前です。 | A variable has small letters and _, joined by dots.';
insert into mail.mail_variable values
    ('order.no', '伝票番号 | Slip no.', 10), ('order.shop_no', '店舗の受注番号 | The shop''s order no.', 20), ('order.ordered_on', '受注日 | Day of the order', 30),
    ('order.payment', '支払方法 | Way of payment', 40), ('order.items', '商品計 | Items', 50), ('order.shipping_fee', '送料 | Shipping fee', 60),
    ('order.fees', '手数料 | Fees', 70), ('order.discount', '値引 | Discount', 80), ('order.points', 'ポイント利用 | Points used', 90),
    ('order.total', '合計 | Total', 100), ('order.paid', '入金済みの額 | Paid', 110), ('order.unpaid', '未入金の額 | Not paid yet', 120),
    ('order.refunded', '返金した額 | Refunded', 125), ('order.is_gift', 'ギフトか | Whether a gift', 130), ('order.delivery_on', 'お届け希望日 | Requested delivery day', 140),
    ('order.delivery_slot', 'お届け時間帯 | Delivery time slot', 150), ('order.ships_on', '出荷予定日 | Planned day of shipment', 160),
    ('lines', '明細の一覧 | The lines', 200), ('lines.name', '明細の品名 | Name in a line', 210), ('lines.option', '明細の選択肢 | Option in a line', 220),
    ('lines.code', '明細の SKU コード | SKU code in a line', 230), ('lines.quantity', '明細の数 | Quantity in a line', 240),
    ('lines.price', '明細の単価 | Unit price in a line', 250), ('lines.amount', '明細の金額 | Amount of a line', 260),
    ('buyer.name', '購入者名 | Buyer', 300), ('buyer.company', '購入者の会社名 | The buyer''s company', 310),
    ('recipient.name', '届け先名 | Recipient', 320), ('recipient.company', '届け先の会社名 | The recipient''s company', 325),
    ('recipient.postal_code', '届け先郵便番号 | Recipient''s postal code', 330), ('recipient.address', '届け先住所 | Recipient''s address', 340),
    ('shipments', '荷物の一覧 | The shipments', 400), ('shipments.carrier', '運送会社 | Carrier', 410), ('shipments.tracking_no', '送り状番号 | Tracking no.', 420),
    ('shipments.shipped_on', '出荷日 | Day of shipment', 430),
    ('shop.name', '店舗名 | Shop', 500), ('shop.phone', '店舗の電話 | The shop''s phone', 510), ('shop.email', '店舗のメール | The shop''s mail address', 520),
    ('shop.address', '店舗の住所 | The shop''s address', 530), ('unsubscribe_url', '配信停止の先 | Where to unsubscribe', 600);

create table mail.mail_account (
    shop_id bigint primary key constraint mail_account_shop_fk references channel.shop,
    from_address text not null,
    from_name text not null default '',
    reply_to text,
    bounce_address text,
    smtp_host text not null,
    smtp_port integer not null default 587,
    smtp_security base.code not null default 'starttls',
    smtp_user text,
    dkim_domain text,
    dkim_selector text,
    per_minute integer not null default 60,
    per_day integer,
    quiet_from time,
    quiet_until time,
    quiet_weekdays smallint[] not null default '{}',
    is_on boolean not null default true,
    version integer not null default 1,
    constraint mail_account_from_ck check (from_address ~ '^[^@[:space:][:cntrl:],;<>"]+@[^@[:space:][:cntrl:],;<>"]+\.[^@[:space:][:cntrl:],;<>".]+$' and length(from_address) <= 320),
    constraint mail_account_reply_ck check (reply_to ~ '^[^@[:space:][:cntrl:],;<>"]+@[^@[:space:][:cntrl:],;<>"]+\.[^@[:space:][:cntrl:],;<>".]+$' and length(reply_to) <= 320),
    constraint mail_account_bounce_ck check (bounce_address ~ '^[^@+[:space:][:cntrl:],;<>"]+@[^@[:space:][:cntrl:],;<>"]+\.[^@[:space:][:cntrl:],;<>".]+$' and length(bounce_address) <= 200),
    constraint mail_account_name_ck check (length(from_name) <= 200 and from_name !~ '[[:cntrl:]]'),
    constraint mail_account_host_ck check (smtp_host ~ '^[A-Za-z0-9.:-]{1,255}$'),
    constraint mail_account_port_ck check (smtp_port between 1 and 65535),
    constraint mail_account_security_ck check (smtp_security in ('none', 'starttls', 'tls')),
    constraint mail_account_user_ck check (length(smtp_user) <= 320 and smtp_user !~ '[[:cntrl:]]'),
    constraint mail_account_dkim_ck check ((dkim_domain is null) = (dkim_selector is null) and dkim_domain ~ '^[a-z0-9.-]{3,253}$' and dkim_selector ~ '^[A-Za-z0-9._-]{1,63}$'),
    constraint mail_account_pace_ck check (per_minute between 1 and 60000 and per_day between 1 and 10000000),
    constraint mail_account_quiet_ck check ((quiet_from is null) = (quiet_until is null) and quiet_weekdays <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[])
);
comment on table mail.mail_account is 'メール設定。店舗ごとの差出人、送信サーバー、速さ、送らない時間。 | Mail account. A shop''s sender, its server, its pace and its quiet hours.';
comment on column mail.mail_account.shop_id is '店舗。 | Shop.';
comment on column mail.mail_account.from_address is '差出人のアドレス。 | From. The address that buyers see.';
comment on column mail.mail_account.from_name is '差出人の名前。 | Name of the sender.';
comment on column mail.mail_account.reply_to is '返信先。空なら差出人。 | Reply to. Empty for the sender''s own address.';
comment on column mail.mail_account.bounce_address is '不達の受け口。メールごとに「名前+番号@」の形で使う。 | Bounce address. Used as name+number@ for each mail, so that a bounce names its mail.';
comment on column mail.mail_account.smtp_host is '送信サーバー。 | SMTP server.';
comment on column mail.mail_account.smtp_port is 'ポート。空なら 587。465 なら暗号化は TLS。 | Port. 587 where empty; 465 goes with TLS.';
comment on column mail.mail_account.smtp_security is '暗号化。空なら STARTTLS。 | Security. STARTTLS where empty.';
comment on column mail.mail_account.smtp_user is '利用者名。空なら認証しない。パスワードは登録した後にこの設定の画面で入れる。 | User. Empty for no sign-in; its password is entered on the page of this account, once it is saved.';
comment on column mail.mail_account.dkim_domain is '署名のドメイン。空なら署名しない。鍵は登録した後にこの設定の画面で入れる。 | DKIM domain. Empty for no signature; its key is entered on the page of this account, once it is saved.';
comment on column mail.mail_account.dkim_selector is '署名のセレクタ。 | DKIM selector.';
comment on column mail.mail_account.per_minute is '一分の上限。空なら 60。 | Most in a minute. 60 where empty.';
comment on column mail.mail_account.per_day is '一日の上限。空なら無制限。 | Most in a day. Empty for no limit.';
comment on column mail.mail_account.quiet_from is '送らない時間の始め。店の時間帯で。 | Quiet from. In the shop''s time zone.';
comment on column mail.mail_account.quiet_until is '送らない時間の終わり。 | Quiet until.';
comment on column mail.mail_account.quiet_weekdays is '送らない曜日。1 月曜〜7 日曜。 | Quiet days of the week. 1 Monday to 7 Sunday.';
comment on column mail.mail_account.is_on is '送る。空なら、はい。 | On. Yes where empty.';
comment on column mail.mail_account.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint mail_account_from_ck on mail.mail_account is '差出人は一つのメールアドレスです（例 shop@example.com）。 | The sender is one mail address, such as shop@example.com.';
comment on constraint mail_account_reply_ck on mail.mail_account is '返信先は一つのメールアドレスです。 | Reply to is one mail address.';
comment on constraint mail_account_bounce_ck on mail.mail_account is '不達の受け口は + のない一つのメールアドレスです。 | The bounce address is one mail address without a +.';
comment on constraint mail_account_name_ck on mail.mail_account is '差出人の名前は 200 文字までで、改行などの制御文字は書けません。 | The sender''s name has 200 characters at most and no control characters.';
comment on constraint mail_account_host_ck on mail.mail_account is '送信サーバーはホスト名か IP アドレスです。 | The server is a host name or an IP address.';
comment on constraint mail_account_port_ck on mail.mail_account is 'ポートは 1〜65535 です。 | A port is 1 to 65535.';
comment on constraint mail_account_security_ck on mail.mail_account is '暗号化は starttls、tls、none のどれかです。 | Security is starttls, tls or none.';
comment on constraint mail_account_user_ck on mail.mail_account is '利用者名は 320 文字までで、改行などの制御文字は書けません。 | A user has 320 characters at most and no control characters.';
comment on constraint mail_account_dkim_ck on mail.mail_account is '署名のドメインとセレクタは一緒に入れます（例 example.com と daicho）。 | DKIM domain and selector go together, such as example.com and daicho.';
comment on constraint mail_account_pace_ck on mail.mail_account is '上限は一分に 1〜60,000 通、一日に 1〜10,000,000 通です。 | A pace is 1 to 60,000 a minute and 1 to 10,000,000 a day.';
comment on constraint mail_account_quiet_ck on mail.mail_account is '送らない時間は始めと終わりを一緒に、曜日は 1〜7 で入れます。 | Quiet hours have a beginning and an end, quiet days are 1 to 7.';

create table mail.account_gate (
    shop_id bigint primary key constraint account_gate_shop_fk references channel.shop,
    open_at timestamptz not null default '-infinity',
    served_at timestamptz not null default '-infinity',
    minute_at timestamptz not null default '-infinity',
    minute_count integer not null default 0,
    day_on date,
    day_count integer not null default 0,
    failures integer not null default 0,
    unknowns integer not null default 0,
    last_error text,
    paused_at timestamptz
);
comment on table mail.account_gate is '送信サーバーの様子。待ち時間、失敗、送った数。 | Mail server. How a shop''s mail server is: waiting, failing, how many went.';
comment on column mail.account_gate.shop_id is '店舗。 | Shop.';
comment on column mail.account_gate.open_at is '再開時刻。 | Open at. Nothing is sent before.';
comment on column mail.account_gate.served_at is '前回の順番。 | Served at. The next turn goes to who waited longest.';
comment on column mail.account_gate.minute_at is '今の一分の始め。 | Beginning of the present minute.';
comment on column mail.account_gate.minute_count is 'この一分の数。 | Sent in it.';
comment on column mail.account_gate.day_on is '今の日。 | The present day.';
comment on column mail.account_gate.day_count is 'この日の数。 | Sent this day.';
comment on column mail.account_gate.failures is '続けて失敗した回数。 | Failures in a row.';
comment on column mail.account_gate.unknowns is '続けて結果が分からなかった回数。 | Uncertain ones in a row.';
comment on column mail.account_gate.last_error is '最後の失敗。 | Last error.';
comment on column mail.account_gate.paused_at is '停止日時。人が再開するまで送らない。 | Paused at. Nothing is sent until a person resumes it.';

create table mail.standard_template (
    template_code base.code not null,
    locale text not null,
    template_name base.bilingual not null,
    mail_event base.code not null constraint standard_template_event_fk references mail.mail_event,
    is_advertising boolean not null default false,
    subject text not null,
    text_body text not null,
    constraint standard_template_pk primary key (template_code, locale)
);
comment on table mail.standard_template is '標準のひな形。「標準に戻す」で戻る文。 | Standard template. What "back to the standard" goes back to.';
comment on column mail.standard_template.template_code is 'コード。 | Code. Stable for ever.';
comment on column mail.standard_template.locale is '言語。 | Language.';
comment on column mail.standard_template.template_name is '名称。 | Name.';
comment on column mail.standard_template.mail_event is 'きっかけ。 | Event.';
comment on column mail.standard_template.is_advertising is '広告か。 | Whether advertising.';
comment on column mail.standard_template.subject is '件名。 | Subject.';
comment on column mail.standard_template.text_body is '本文。 @multiline | Text. @multiline';

create table mail.mail_template (
    mail_template_id bigint generated always as identity primary key,
    template_code base.code not null,
    template_name base.bilingual not null,
    mail_event base.code not null constraint mail_template_event_fk references mail.mail_event,
    shop_id bigint constraint mail_template_shop_fk references channel.shop,
    locale text not null default 'ja',
    is_advertising boolean not null default false,
    subject text not null,
    text_body text not null,
    html_body text,
    attached_kind base.code,
    saved_at timestamptz not null default now(),
    saved_by bigint,
    ended_at timestamptz,
    version integer not null default 1,
    constraint mail_template_locale_ck check (locale in ('ja', 'en')),
    constraint mail_template_subject_ck check (length(subject) between 1 and 500 and subject !~ '[[:cntrl:]]'),
    constraint mail_template_text_ck check (length(text_body) between 1 and 50000 and length(html_body) <= 200000
        and translate(text_body || coalesce(html_body, ''), E'\n\r\t', '') !~ '[[:cntrl:]]')
);
comment on table mail.mail_template is 'メールのひな形。店舗と言語ごと。 | Mail template. Of a shop and a language.';
comment on column mail.mail_template.mail_template_id is '番号。 | Number. Given by Daicho.';
comment on column mail.mail_template.template_code is 'コード。規則が名指しする。 | Code. What rules name.';
comment on column mail.mail_template.template_name is '名称。 | Name.';
comment on column mail.mail_template.mail_event is 'きっかけ。 | Event.';
comment on column mail.mail_template.shop_id is '店舗。空なら全店舗。 | Shop. Empty for all.';
comment on column mail.mail_template.locale is '言語。ja か en。 | Language. ja or en.';
comment on column mail.mail_template.is_advertising is '広告。同意した人だけに送り、配信停止の先を付ける。 | Advertising. Sent only to who agreed, with a way to unsubscribe.';
comment on column mail.mail_template.subject is '件名。 | Subject.';
comment on column mail.mail_template.text_body is '本文。 @multiline | Text. @multiline';
comment on column mail.mail_template.html_body is 'HTML の本文。空なら本文だけ。 @multiline | HTML. Empty for text alone. @multiline';
comment on column mail.mail_template.attached_kind is '添付する帳票。 | Document attached.';
comment on column mail.mail_template.saved_at is '保存日時。 | Saved at.';
comment on column mail.mail_template.saved_by is '保存した人。 | Saved by.';
comment on column mail.mail_template.ended_at is '使わなくなった日時。 | Ended at.';
comment on column mail.mail_template.version is '版。送ったメールに残る。 | Version. Kept with each mail.';
comment on constraint mail_template_locale_ck on mail.mail_template is '言語は ja か en です。 | The language is ja or en.';
comment on constraint mail_template_subject_ck on mail.mail_template is '件名は 1〜500 文字で、改行などの制御文字は書けません。 | A subject has 1 to 500 characters and no control characters.';
comment on constraint mail_template_text_ck on mail.mail_template is '本文は 1〜50,000 文字、HTML は 200,000 文字までで、改行とタブのほかの制御文字は書けません。 | A text has 1 to 50,000 characters, HTML 200,000 at most, and but for line breaks and tabs no control characters.';
create unique index mail_template_use_uq on mail.mail_template (template_code, coalesce(shop_id, 0), locale) where ended_at is null;

create table mail.mail_rule (
    mail_rule_id bigint generated always as identity primary key,
    rule_name base.bilingual not null,
    mail_event base.code not null constraint mail_rule_event_fk references mail.mail_event,
    template_code base.code not null,
    shop_id bigint constraint mail_rule_shop_fk references channel.shop,
    wait interval not null default '0',
    stale_after interval not null default '3 days',
    condition jsonb,
    keeps_quiet boolean not null default true,
    is_on boolean not null default false,
    version integer not null default 1,
    constraint mail_rule_wait_ck check (wait between interval '0' and interval '400 days' and stale_after between interval '1 minute' and interval '400 days')
);
comment on table mail.mail_rule is 'メールの規則。きっかけと、送るひな形、待つ時間、条件。 | Mail rule. An event, the template to send, how long to wait and a condition.';
comment on column mail.mail_rule.mail_rule_id is '番号。 | Number. Given by Daicho.';
comment on column mail.mail_rule.rule_name is '名称。 | Name.';
comment on column mail.mail_rule.mail_event is 'きっかけ。 | Event.';
comment on column mail.mail_rule.template_code is 'ひな形。 | Template.';
comment on column mail.mail_rule.shop_id is '店舗。空なら全店舗。 | Shop. Empty for all.';
comment on column mail.mail_rule.wait is '待つ時間。きっかけから送るまで。 | Wait. From the event to sending.';
comment on column mail.mail_rule.stale_after is '古いとみなすまで。送る予定からこれより遅れたら送らない。 | Stale after. A mail later than that is not sent by itself.';
comment on column mail.mail_rule.condition is '条件。受注の抽出条件と同じ形。送る時に見る。 | Condition. As of a search of orders; looked at when it is to be sent.';
comment on column mail.mail_rule.keeps_quiet is '送らない時間を守る。 | Keeps quiet hours.';
comment on column mail.mail_rule.is_on is '有効。入れた後に起きたことだけに送る。 | On. For what happens from then on.';
comment on column mail.mail_rule.version is '版。 | Version.';
comment on constraint mail_rule_wait_ck on mail.mail_rule is '待つ時間は 0〜400 日、古いとみなすまでは 1 分〜400 日です。 | A wait is 0 to 400 days; stale after is 1 minute to 400 days.';

create table mail.mailing (
    mailing_id bigint generated always as identity primary key,
    template_code base.code not null,
    label base.bilingual not null,
    asked_at timestamptz not null default now(),
    asked_by bigint not null,
    stopped_at timestamptz,
    stopped_by bigint,
    mails integer not null default 0,
    left_out integer not null default 0,
    constraint mailing_count_ck check (mails >= 0 and left_out >= 0)
);
comment on table mail.mailing is '一斉送信。選んだ受注に送るメールのまとまり。 | Mailing. The mails to a chosen set of orders.';
comment on column mail.mailing.mailing_id is '番号。 | Number. Given by Daicho.';
comment on column mail.mailing.template_code is 'ひな形。 | Template.';
comment on column mail.mailing.label is '名称。 | Name.';
comment on column mail.mailing.asked_at is '依頼日時。 | Asked at.';
comment on column mail.mailing.asked_by is '依頼した人。 | Asked by.';
comment on column mail.mailing.stopped_at is '停止日時。空なら進行中か終わり。 | Stopped at. Empty while it goes on or has ended.';
comment on column mail.mailing.stopped_by is '止めた人。 | Stopped by.';
comment on column mail.mailing.mails is 'メールの数。 | Mails.';
comment on column mail.mailing.left_out is '外した数。すでに送る予定がある受注。 | Left out. Orders that have this mail already.';
comment on constraint mailing_count_ck on mail.mailing is '数は 0 以上です。 | Counts are not below 0.';

create table mail.mail_state (
    state base.code primary key,
    label base.bilingual not null,
    is_ended boolean not null,
    rank smallint not null
);
comment on table mail.mail_state is 'メールの状態。 | State of a mail.';
comment on column mail.mail_state.state is 'コード。 | Code. Stable for ever.';
comment on column mail.mail_state.label is '名称。 | Name.';
comment on column mail.mail_state.is_ended is '終わり。もう自動では動かない。 | Ended. Nothing more happens by itself.';
comment on column mail.mail_state.rank is '順。 | Rank. Their order in lists.';
insert into mail.mail_state values
    ('due', '送信待ち | Due', false, 10), ('claimed', '準備中 | Being made', false, 20), ('handing', '引渡し中 | Being handed over', false, 30),
    ('unknown', '結果不明 | Unknown', true, 40), ('refused', '送れない | Refused', true, 50), ('bounced', '不達 | Bounced', true, 60),
    ('sent', '送信済み | Sent', true, 70), ('skipped', '見送り | Not sent', true, 80), ('stopped', '取りやめ | Stopped', true, 90);

create table mail.mail (
    mail_id bigint generated always as identity primary key,
    shop_id bigint not null constraint mail_shop_fk references channel.shop,
    sales_order_id bigint constraint mail_order_fk references sales.sales_order,
    mail_rule_id bigint constraint mail_rule_fk references mail.mail_rule,
    mailing_id bigint constraint mail_mailing_fk references mail.mailing,
    mail_template_id bigint constraint mail_template_fk references mail.mail_template,
    inquiry_message_id bigint,
    made_at timestamptz not null default clock_timestamp(),
    made_by bigint,
    due_at timestamptz not null default clock_timestamp(),
    lease bigint,
    lease_until timestamptz,
    handed_at timestamptz,
    ended_at timestamptz,
    template_version integer,
    attempt integer not null default 0,
    again_no smallint not null default 0,
    keeps_quiet boolean not null default true,
    mail_event base.code not null constraint mail_event_fk references mail.mail_event,
    state base.code not null default 'due' constraint mail_state_fk references mail.mail_state,
    template_code base.code not null,
    message_no text,
    reason base.bilingual,
    constraint mail_message_uq unique (message_no),
    constraint mail_lease_ck check ((lease is not null) = (lease_until is not null) and (lease is not null) = (state in ('claimed', 'handing'))),
    constraint mail_handed_ck check (state not in ('handing', 'unknown', 'sent', 'bounced') or (handed_at is not null and message_no is not null)),
    constraint mail_ended_ck check ((ended_at is not null) = (state in ('unknown', 'refused', 'bounced', 'sent', 'skipped', 'stopped'))),
    constraint mail_again_ck check (again_no between 0 and 100 and attempt >= 0)
) with (fillfactor = 80);
comment on table mail.mail is 'メール。一通に一行。受注、きっかけ、ひな形ごとに一度だけ。 | Mail. One row each; once for each order, event and template.';
comment on column mail.mail.mail_id is '番号。 | Number. Given by Daicho.';
comment on column mail.mail.shop_id is '店舗。 | Shop.';
comment on column mail.mail.sales_order_id is '受注。 | Order.';
comment on column mail.mail.mail_rule_id is '規則。 | Rule. That made it due.';
comment on column mail.mail.mailing_id is '一斉送信。 | Mailing. Of which it is a part.';
comment on column mail.mail.mail_template_id is 'ひな形。送った文の元。 | Template. From which it was written.';
comment on column mail.mail.inquiry_message_id is '問い合わせのメール。返信なら書いた文、転送なら来たメール。 | Message of an inquiry. What an answer says, or what is forwarded.';
comment on column mail.mail.made_at is '作成日時。 | Made at.';
comment on column mail.mail.made_by is '作った人。空なら自動。 | Made by. Empty when by itself.';
comment on column mail.mail.due_at is '送信予定。 | Due at.';
comment on column mail.mail.lease is '担当番号。 | Lease. Of the worker that has it.';
comment on column mail.mail.lease_until is '担当期限。 | Lease until.';
comment on column mail.mail.handed_at is '引渡し日時。サーバーに渡す直前に書く。 | Handed at. Written just before the server was given it.';
comment on column mail.mail.ended_at is '終了日時。 | Ended at.';
comment on column mail.mail.template_version is 'ひな形の版。 | Version of the template.';
comment on column mail.mail.attempt is '試行回数。 | Attempts.';
comment on column mail.mail.again_no is '再送。人が頼んだ何回目か。 | Again. How often a person asked for it again.';
comment on column mail.mail.keeps_quiet is '送らない時間を守る。 | Keeps quiet hours.';
comment on column mail.mail.mail_event is 'きっかけ。 | Event.';
comment on column mail.mail.state is '状態。 | State.';
comment on column mail.mail.template_code is 'ひな形のコード。 | Template code.';
comment on column mail.mail.message_no is 'Message-ID。返信と不達をここに結ぶ。 | Message-ID. By which answers and bounces are found.';
comment on column mail.mail.reason is '理由。送らない、送れない、分からない訳。 | Reason. Why it was not sent, was refused or is unknown.';
comment on constraint mail_message_uq on mail.mail is '同じ Message-ID のメールはすでにあります。 | A mail of that Message-ID is there already.';
comment on constraint mail_lease_ck on mail.mail is '準備中と引渡し中のメールだけに担当があります。 | Only a mail that is being made or handed over has a lease.';
comment on constraint mail_handed_ck on mail.mail is '渡したメールには引渡し日時と Message-ID があります。 | A mail that was handed over has its time and its Message-ID.';
comment on constraint mail_ended_ck on mail.mail is '終わったメールだけに終了日時があります。 | Only a mail that has ended has the time of its end.';
comment on constraint mail_again_ck on mail.mail is '再送は 100 回までです。 | A mail is sent again 100 times at most.';
-- Once for each order, event and template; what is said in an inquiry, once for each message of it
create unique index mail_once_uq on mail.mail (sales_order_id, mail_event, template_code, again_no) where inquiry_message_id is null;
create unique index mail_message_once_uq on mail.mail (inquiry_message_id, mail_event, again_no) where inquiry_message_id is not null;
create index mail_forward_ix on mail.mail (shop_id, made_at) where mail_event = 'forward';
create index mail_due_ix on mail.mail (shop_id, due_at, mail_id) where state = 'due';
create index mail_leased_ix on mail.mail (shop_id, lease_until) where state in ('claimed', 'handing');
create index mail_order_ix on mail.mail (sales_order_id, mail_id);
create index mail_mailing_ix on mail.mail (mailing_id, state) where mailing_id is not null;
create index mail_state_ix on mail.mail (state, mail_id desc);

create table mail.mail_party (
    mail_id bigint primary key constraint mail_party_mail_fk references mail.mail,
    data_key_id bigint,
    to_address text,
    subject text,
    body bytea
);
comment on table mail.mail_party is 'メールの個人情報。宛先と件名、暗号化した全文。 | Personal data of a mail. Address, subject, and the whole of it encrypted.';
comment on column mail.mail_party.mail_id is 'メール。 | Mail.';
comment on column mail.mail_party.data_key_id is 'データ鍵。 | Data key.';
comment on column mail.mail_party.to_address is '宛先。@pii | To. @pii';
comment on column mail.mail_party.subject is '件名。@pii | Subject. @pii';
comment on column mail.mail_party.body is '全文。暗号文。@pii | The whole mail. Ciphertext. @pii';

create table mail.dead_address (
    address_key uuid primary key,
    noted_at timestamptz not null default now(),
    why base.code not null,
    mail_id bigint constraint dead_address_mail_fk references mail.mail,
    customer_id bigint constraint dead_address_customer_fk references customer.customer,
    said text,
    constraint dead_address_why_ck check (why in ('bounce', 'complaint'))
);
comment on table mail.dead_address is '届かないアドレス。不達か苦情のあった宛先。人が消すまで送らない。 | Dead address. It bounced or complained; nothing is sent there until a person takes it out.';
comment on column mail.dead_address.address_key is '要約値。アドレスの鍵付き要約。@pii | Digest. A keyed digest of the address. @pii';
comment on column mail.dead_address.noted_at is '記録日時。 | Noted at.';
comment on column mail.dead_address.why is '理由。bounce 不達、complaint 苦情。 | Why. bounce or complaint.';
comment on column mail.dead_address.mail_id is 'メール。 | Mail. That told us.';
comment on column mail.dead_address.customer_id is '顧客。 | Customer.';
comment on column mail.dead_address.said is 'サーバーの言葉。 | What the server said.';
comment on constraint dead_address_why_ck on mail.dead_address is '理由は bounce か complaint です。 | Why is bounce or complaint.';
create index dead_address_customer_ix on mail.dead_address (customer_id);

create table mail.consent (
    customer_id bigint not null constraint consent_customer_fk references customer.customer,
    shop_id bigint not null constraint consent_shop_fk references channel.shop,
    given_at timestamptz,
    given_how text,
    withdrawn_at timestamptz,
    withdrawn_how text,
    constraint consent_pk primary key (customer_id, shop_id),
    constraint consent_how_ck check ((given_at is null) = (given_how is null) and (withdrawn_at is null) = (withdrawn_how is null)
        and length(given_how) between 1 and 500 and length(withdrawn_how) between 1 and 500 and coalesce(given_how, '') || coalesce(withdrawn_how, '') !~ '[[:cntrl:]]')
);
comment on table mail.consent is '広告メールの同意。顧客と店舗ごと。 | Consent to advertising. Of a customer, for a shop.';
comment on column mail.consent.customer_id is '顧客。 | Customer.';
comment on column mail.consent.shop_id is '店舗。 | Shop.';
comment on column mail.consent.given_at is '同意日時。 | Given at.';
comment on column mail.consent.given_how is '同意の方法。 | How it was given.';
comment on column mail.consent.withdrawn_at is '停止日時。 | Withdrawn at.';
comment on column mail.consent.withdrawn_how is '停止の方法。 | How it was withdrawn.';
comment on constraint consent_how_ck on mail.consent is '同意と停止には、方法を 1〜500 文字で書きます。 | How consent was given or withdrawn is said in 1 to 500 characters.';
