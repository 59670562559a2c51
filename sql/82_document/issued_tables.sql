insert into document.document_kind values
    ('invoice', '適格請求書 | Qualified invoice', true, true, 50),
    ('simplified_invoice', '適格簡易請求書（宛名なし） | Simplified qualified invoice, to nobody by name', true, true, 60),
    ('receipt', '領収書 | Receipt', true, true, 70),
    ('return_invoice', '適格返還請求書 | Qualified return invoice', true, true, 80);

create table document.issued_kind (
    document_kind base.code primary key constraint issued_kind_kind_fk references document.document_kind,
    number_prefix text not null,
    family base.code not null,
    constraint issued_kind_prefix_uq unique (number_prefix),
    constraint issued_kind_prefix_ck check (number_prefix ~ '^[A-Z]$')
);
comment on table document.issued_kind is '発行する帳票の種類。番号を付け、法定の期間とっておくもの。 | Kind of issued document. Those that are numbered, and kept as long as the law asks.';
comment on column document.issued_kind.document_kind is '種類。 | Kind.';
comment on column document.issued_kind.number_prefix is '番号の頭文字。 | First letter of its numbers.';
comment on column document.issued_kind.family is '系統。受注ごとに、同じ系統の原本は一つ。 | Family. An order has one original of each family; of returns one for each time.';
comment on constraint issued_kind_prefix_uq on document.issued_kind is 'この頭文字はすでに使われています。 | This letter is taken.';
comment on constraint issued_kind_prefix_ck on document.issued_kind is '頭文字は英大文字一つです。 | The first letter is one capital letter.';
insert into document.issued_kind values
    ('invoice', 'I', 'invoice'), ('simplified_invoice', 'S', 'invoice'), ('receipt', 'R', 'receipt'), ('return_invoice', 'C', 'return');

create table document.issue_counter (
    issuer text not null,
    document_kind base.code not null constraint issue_counter_kind_fk references document.issued_kind,
    last_number bigint not null,
    constraint issue_counter_pk primary key (issuer, document_kind),
    constraint issue_counter_number_ck check (last_number > 0)
);
comment on table document.issue_counter is '発行番号。発行者と種類ごとに、欠番なく数える。 | Issue counter. Counts without gaps, for each issuer and kind.';
comment on column document.issue_counter.issuer is '発行者。登録番号。なければ house。 | Issuer. The registration no., or house where there is none.';
comment on column document.issue_counter.document_kind is '種類。 | Kind.';
comment on column document.issue_counter.last_number is '最後の番号。 | Last number given.';
comment on constraint issue_counter_number_ck on document.issue_counter is '番号は 1 からです。 | Numbers begin with 1.';

create table document.issued_document (
    issued_document_id bigint generated always as identity primary key,
    document_kind base.code not null constraint issued_document_kind_fk references document.document_kind,
    family base.code not null,
    issuer text not null,
    issue_number bigint not null,
    document_no text not null,
    issued_at timestamptz not null default now(),
    issued_on date not null,
    transaction_on date not null,
    shop_id bigint not null constraint issued_document_shop_fk references channel.shop,
    sales_order_id bigint constraint issued_document_order_fk references sales.sales_order,
    customer_id bigint constraint issued_document_customer_fk references customer.customer,
    issue_part integer not null,
    original_id bigint constraint issued_document_original_fk references document.issued_document,
    is_qualified boolean not null,
    tax_inclusive boolean not null,
    tax_rounding text not null,
    exchange_rate numeric not null,
    tax_total base.money not null,
    mall_paid base.money not null,
    total base.money not null,
    currency_code text not null constraint issued_document_currency_fk references base.currency,
    locale text not null,
    account_id bigint not null,
    job_request_id bigint,
    mail_id bigint constraint issued_document_mail_fk references mail.mail,
    constraint issued_document_number_uq unique (issuer, document_kind, issue_number),
    constraint issued_document_original_uq unique (sales_order_id, family, issue_part),
    constraint issued_document_number_ck check (issue_number > 0 and document_no ~ '^[A-Z]-[0-9]{7,}$'
        and substr(document_no, 3)::bigint = issue_number),
    constraint issued_document_return_ck check ((document_kind = 'return_invoice') = (original_id is not null)),
    constraint issued_document_qualified_ck check (is_qualified <= (issuer ~ '^T[0-9]{13}$') and (is_qualified or document_kind in ('receipt', 'statement'))),
    constraint issued_document_order_ck check ((document_kind = 'statement') = (sales_order_id is null) and (sales_order_id is not null or customer_id is not null)),
    constraint issued_document_total_ck check (((total > 0 and mall_paid >= 0) or document_kind = 'statement') and issue_part > 0 and exchange_rate > 0),
    constraint issued_document_rounding_ck check (tax_rounding in ('down', 'half_up', 'up')),
    constraint issued_document_locale_ck check (locale in ('ja', 'en')),
    constraint issued_document_cause_ck check (num_nonnulls(job_request_id, mail_id) = 1)
);
comment on table document.issued_document is '発行した帳票。請求書、領収書、返還請求書、締め請求書の台帳。追記のみ。 | Issued document. The ledger of invoices, receipts, return invoices and statements; only ever added.';
comment on column document.issued_document.issued_document_id is '番号。 | Number. Given by Daicho.';
comment on column document.issued_document.document_kind is '種類。 | Kind.';
comment on column document.issued_document.family is '系統。 | Family. An order has one original of each.';
comment on column document.issued_document.issuer is '発行者。登録番号。なければ house。 | Issuer. The registration no., or house where there is none.';
comment on column document.issued_document.issue_number is '通し番号。発行者と種類ごとに、欠番がない。 | Running number. Without gaps for each issuer and kind.';
comment on column document.issued_document.document_no is '書類番号。帳票に載る番号。 | Document no. As the document says it.';
comment on column document.issued_document.issued_at is '発行日時。 | Issued at.';
comment on column document.issued_document.issued_on is '発行日。 | Issued on.';
comment on column document.issued_document.transaction_on is '取引日。出荷、入金、または返還の日。 | Transaction date. Of shipment, payment or return.';
comment on column document.issued_document.shop_id is '店舗。 | Shop.';
comment on column document.issued_document.sales_order_id is '受注。締め請求書では空。 | Order. Empty on a statement, which has many.';
comment on column document.issued_document.customer_id is '顧客。 | Customer.';
comment on column document.issued_document.issue_part is '回。同じ受注と系統の何番目か。原本を取り消すと次が出せる。 | Part. Which one of its order and family; another comes after the one before was voided.';
comment on column document.issued_document.original_id is 'もとの請求書。返還請求書だけ。 | Original invoice. Of a return invoice alone.';
comment on column document.issued_document.is_qualified is '適格。インボイスの六項目がそろう。 | Qualified. It has what the invoice system asks for.';
comment on column document.issued_document.tax_inclusive is '税込。金額が税込か。 | Tax inclusive. Whether its amounts hold the tax.';
comment on column document.issued_document.tax_rounding is '消費税の端数。 | Rounding of tax. down, half_up or up.';
comment on column document.issued_document.exchange_rate is '為替レート。消費税を円で書くため。円の書類は 1。 | Exchange rate. To state the tax in base money; 1 where it is the document''s own.';
comment on column document.issued_document.tax_total is '消費税。税率ごとの和。 | Tax. The sum over its rates.';
comment on column document.issued_document.mall_paid is 'モール負担。モールのポイントやクーポンで払われた額。 | Paid by the mall. By its points and coupons.';
comment on column document.issued_document.total is '合計。税込。返還請求書では返した額。 | Total. With tax; of a return invoice what is given back.';
comment on column document.issued_document.currency_code is '通貨。 | Currency.';
comment on column document.issued_document.locale is '言語。 | Language. ja or en.';
comment on column document.issued_document.account_id is '発行した人。 | Issued by.';
comment on column document.issued_document.job_request_id is 'ジョブ。これを作った仕事。 | Job. Which one made it.';
comment on column document.issued_document.mail_id is 'メール。これを添付するために作ったメール。 | Mail. For which it was made, to go with it.';
comment on constraint issued_document_number_uq on document.issued_document is 'この番号の書類はすでにあります。 | A document of that number is there already.';
comment on constraint issued_document_original_uq on document.issued_document is 'この受注の原本はすでにあります。 | The original of this order is there already.';
comment on constraint issued_document_number_ck on document.issued_document is '書類番号は頭文字と通し番号です。 | A document no. is its letter and its running number.';
comment on constraint issued_document_return_ck on document.issued_document is '返還請求書には、それだけに、もとの請求書があります。 | A return invoice, and nothing else, names its original.';
comment on constraint issued_document_qualified_ck on document.issued_document is '適格な書類には登録番号が要ります。適格でなくてよいのは領収書と締め請求書だけです。 | A qualified document needs a registration no.; only a receipt or a statement may be another.';
comment on constraint issued_document_order_ck on document.issued_document is '受注がないのは締め請求書だけで、それには顧客があります。 | Only a statement is of no single order, and it has a customer.';
comment on constraint issued_document_total_ck on document.issued_document is '合計は 0 より大きい額です。締め請求書では返品が多いと負にもなります。 | A total is greater than 0; that of a statement may be less where more came back than was sold.';
comment on constraint issued_document_rounding_ck on document.issued_document is '端数は down、half_up、up です。 | Rounding is down, half_up or up.';
comment on constraint issued_document_locale_ck on document.issued_document is '言語は ja か en です。 | The language is ja or en.';
comment on constraint issued_document_cause_ck on document.issued_document is '帳票はジョブかメールの一方が作ります。 | A document is made by a job or for a mail, one of them.';
create index issued_document_issued_ix on document.issued_document (issued_on desc, issued_document_id desc);
create index issued_document_transaction_ix on document.issued_document (transaction_on);
create index issued_document_total_ix on document.issued_document (total);
create index issued_document_original_ix on document.issued_document (original_id);
create index issued_document_mail_ix on document.issued_document (mail_id) where mail_id is not null;

create table document.issued_line (
    issued_document_id bigint not null constraint issued_line_document_fk references document.issued_document,
    line_no integer not null,
    sales_order_id bigint constraint issued_line_order_fk references sales.sales_order,
    part_kind base.code not null,
    sales_order_line_id bigint constraint issued_line_line_fk references sales.sales_order_line,
    quantity integer,
    tax_rate numeric(5, 4) not null,
    amount base.money not null,
    constraint issued_line_pk primary key (issued_document_id, line_no),
    constraint issued_line_part_uq unique nulls not distinct (issued_document_id, sales_order_id, part_kind, sales_order_line_id, tax_rate),
    constraint issued_line_goods_ck check ((part_kind = 'goods') = (sales_order_line_id is not null) and (part_kind = 'goods') = (quantity is not null))
);
comment on table document.issued_line is '発行した帳票の明細。品目、料金、値引の額。 | Line of an issued document. Amounts of goods, fees and what was taken off.';
comment on column document.issued_line.issued_document_id is '帳票。 | Document.';
comment on column document.issued_line.line_no is '行番号。 | Line no.';
comment on column document.issued_line.sales_order_id is '受注。締め請求書の明細だけ。 | Order. On a statement alone.';
comment on column document.issued_line.part_kind is '種類。goods は品目、adjustment は返金の調整、ほかは料金の種類。 | Kind. goods, adjustment by refunds, or a kind of fee.';
comment on column document.issued_line.sales_order_line_id is '受注明細。 | Order line.';
comment on column document.issued_line.quantity is '数。 | Quantity.';
comment on column document.issued_line.tax_rate is '税率。 | Tax rate.';
comment on column document.issued_line.amount is '金額。 | Amount.';
comment on constraint issued_line_part_uq on document.issued_line is '同じものの行が二つあります。 | One thing has two lines.';
comment on constraint issued_line_goods_ck on document.issued_line is '品目の行には、それだけに、受注明細と数があります。 | Lines of goods, and no others, have an order line and a quantity.';

create table document.issued_tax_line (
    issued_document_id bigint not null constraint issued_tax_line_document_fk references document.issued_document,
    tax_rate numeric(5, 4) not null,
    amount base.money not null,
    tax base.money not null,
    tax_base base.money not null,
    constraint issued_tax_line_pk primary key (issued_document_id, tax_rate)
);
comment on table document.issued_tax_line is '発行した帳票の税率ごとの額。端数は税率ごとに一度。 | Rate of an issued document. What is taxed and its tax, rounded once for each rate.';
comment on column document.issued_tax_line.issued_document_id is '帳票。 | Document.';
comment on column document.issued_tax_line.tax_rate is '税率。 | Tax rate.';
comment on column document.issued_tax_line.amount is '対象額。 | Amount taxed.';
comment on column document.issued_tax_line.tax is '消費税。 | Tax. In the document''s currency.';
comment on column document.issued_tax_line.tax_base is '消費税（基準通貨）。 | Tax in base money.';

create table document.issued_party (
    issued_document_id bigint primary key constraint issued_party_document_fk references document.issued_document,
    addressee text,
    forgotten_at timestamptz,
    constraint issued_party_addressee_ck check (length(addressee) between 1 and 200 and addressee !~ '[[:cntrl:]]'),
    constraint issued_party_forgotten_ck check (forgotten_at is null or addressee is null)
);
comment on table document.issued_party is '発行先。請求書や領収書の宛名。保存期間が過ぎると消える。 | Addressee of an issued document. Forgotten when the time for which the law keeps it is over.';
comment on column document.issued_party.issued_document_id is '帳票。 | Document.';
comment on column document.issued_party.addressee is '宛名。簡易請求書では空のことがある。@pii | Addressee. May be empty on a simplified one. @pii';
comment on column document.issued_party.forgotten_at is '消した日時。 | Forgotten at. From then on its file cannot be read either.';
comment on constraint issued_party_addressee_ck on document.issued_party is '宛名は 1〜200 文字で、改行などの制御文字は書けません。 | An addressee has 1 to 200 characters and no control characters.';
comment on constraint issued_party_forgotten_ck on document.issued_party is '消した宛名は空です。 | A forgotten addressee is empty.';
create index issued_party_addressee_ix on document.issued_party (addressee);

create table document.issued_key (
    issued_document_id bigint primary key constraint issued_key_document_fk references document.issued_document,
    wrapped_key bytea not null
);
comment on table document.issued_key is '帳票の鍵。発行した帳票ごとに一つ。消すと内容もファイルも読めなくなる。 | Key of an issued document. One for each; deleting it makes its facts and its file unreadable.';
comment on column document.issued_key.issued_document_id is '帳票。 | Document.';
comment on column document.issued_key.wrapped_key is '鍵。設置先の鍵で包んだもの。 | Key. Wrapped by the installation''s key.';

create table document.issued_content (
    issued_document_id bigint not null constraint issued_content_document_fk references document.issued_document,
    content_part base.code not null,
    digest bytea not null,
    size integer not null,
    sealed bytea not null,
    constraint issued_content_pk primary key (issued_document_id, content_part),
    constraint issued_content_part_ck check (content_part in ('facts', 'file')),
    constraint issued_content_digest_ck check (length(digest) = 32 and size > 0)
);
comment on table document.issued_content is '帳票の内容。もとになった事実と PDF。暗号化して、変えない。 | Content of an issued document. The facts it was made of, and its PDF; encrypted, never changed.';
comment on column document.issued_content.issued_document_id is '帳票。 | Document.';
comment on column document.issued_content.content_part is '部分。facts は事実、file は PDF。 | Part. facts, or file for the PDF.';
comment on column document.issued_content.digest is '要約値。中身の SHA-256。 | Digest. SHA-256 of what is within.';
comment on column document.issued_content.size is '大きさ（バイト）。 | Size in bytes.';
comment on column document.issued_content.sealed is '中身。帳票の鍵で暗号化。 | Content. Encrypted under the document''s key.';
comment on constraint issued_content_part_ck on document.issued_content is '部分は facts か file です。 | A part is facts or file.';
comment on constraint issued_content_digest_ck on document.issued_content is '要約値は 32 バイトで、中身は空ではありません。 | A digest has 32 bytes, and content is not empty.';

create table document.template_text (
    template_digest text primary key,
    parts jsonb not null,
    kept_at timestamptz not null default now(),
    constraint template_text_digest_ck check (template_digest ~ '^[0-9a-f]{64}$')
);
comment on table document.template_text is '使った様式。発行した帳票がどの様式で作られたか。 | Template used. The very text by which issued documents were set.';
comment on column document.template_text.template_digest is '要約値。様式の SHA-256。 | Digest. SHA-256 of the template.';
comment on column document.template_text.parts is '様式。ファイル名と文。 | Template. Its files and their texts.';
comment on column document.template_text.kept_at is '登録日時。 | Kept at.';
comment on constraint template_text_digest_ck on document.template_text is '要約値は SHA-256 の 16 進 64 桁です。 | A digest has the 64 hexadecimal digits of a SHA-256.';

create table document.copy_act (
    copy_act base.code primary key,
    label base.bilingual not null
);
comment on table document.copy_act is '渡し方。帳票をどう出したか。 | How a document was handed out.';
comment on column document.copy_act.copy_act is 'コード。 | Code. Stable for ever.';
comment on column document.copy_act.label is '名称。 | Name.';
insert into document.copy_act values ('issue', '発行 | Issued'), ('print', '印刷 | Printed'), ('export', '書出し | Exported'), ('mail', 'メール | Mailed');

create table document.issued_copy (
    issued_copy_id bigint generated always as identity primary key,
    issued_document_id bigint not null constraint issued_copy_document_fk references document.issued_document,
    copy_no integer not null,
    copy_act base.code not null constraint issued_copy_act_fk references document.copy_act,
    made_at timestamptz not null default now(),
    account_id bigint not null,
    job_request_id bigint,
    mail_id bigint constraint issued_copy_mail_fk references mail.mail,
    constraint issued_copy_no_uq unique (issued_document_id, copy_no),
    constraint issued_copy_job_uq unique (issued_document_id, job_request_id),
    constraint issued_copy_mail_uq unique (mail_id, issued_document_id),
    constraint issued_copy_no_ck check (copy_no > 0),
    constraint issued_copy_cause_ck check (num_nonnulls(job_request_id, mail_id) = 1 and (copy_act = 'mail') = (mail_id is not null))
);
comment on table document.issued_copy is '帳票の控え。誰がいつ出したか。1 が原本、2 からは写し。追記のみ。 | Copy of an issued document. Who made it and when; 1 is the original, those after it are marked copies; only ever added.';
comment on column document.issued_copy.issued_copy_id is '番号。 | Number. Given by Daicho.';
comment on column document.issued_copy.issued_document_id is '帳票。 | Document.';
comment on column document.issued_copy.copy_no is '何枚目。1 は原本、2 からは写し。 | Copy no. 1 is the original, the others are copies.';
comment on column document.issued_copy.copy_act is '渡し方。 | How it was handed out.';
comment on column document.issued_copy.made_at is '日時。 | Made at.';
comment on column document.issued_copy.account_id is '出した人。 | By.';
comment on column document.issued_copy.job_request_id is 'ジョブ。 | Job.';
comment on column document.issued_copy.mail_id is 'メール。これと一緒に出した。 | Mail. With which it went.';
comment on constraint issued_copy_no_uq on document.issued_copy is 'この枚数目の控えはすでにあります。 | That copy is there already.';
comment on constraint issued_copy_job_uq on document.issued_copy is 'このジョブはすでにこの帳票を出しました。 | This job has handed this document out already.';
comment on constraint issued_copy_mail_uq on document.issued_copy is 'このメールはすでにこの帳票を出しました。 | This mail has handed this document out already.';
comment on constraint issued_copy_cause_ck on document.issued_copy is '控えはジョブかメールの一方が出します。 | A copy is handed out by a job or with a mail, one of them.';
comment on constraint issued_copy_no_ck on document.issued_copy is '枚数は 1 からです。 | Copies are counted from 1.';

create table document.void_reason (
    void_reason base.code primary key,
    label base.bilingual not null
);
comment on table document.void_reason is '取消の理由。 | Reason for voiding.';
comment on column document.void_reason.void_reason is 'コード。 | Code. Stable for ever.';
comment on column document.void_reason.label is '名称。 | Name.';
insert into document.void_reason values
    ('wrong_addressee', '宛名の誤り | Wrong addressee'), ('wrong_content', '内容の誤り | Wrong content'), ('order_changed', '受注の変更 | The order changed'),
    ('not_handed_out', '渡さなかった | Not handed out'), ('other', 'その他 | Other');

create table document.issued_void (
    issued_document_id bigint primary key constraint issued_void_document_fk references document.issued_document,
    void_reason base.code not null constraint issued_void_reason_fk references document.void_reason,
    voided_at timestamptz not null default now(),
    account_id bigint not null
);
comment on table document.issued_void is '帳票の取消。取り消した書類は残り、番号も残る。 | Voided document. It stays, and so does its number; another can be issued in its place.';
comment on column document.issued_void.issued_document_id is '帳票。 | Document.';
comment on column document.issued_void.void_reason is '理由。 | Reason.';
comment on column document.issued_void.voided_at is '取消日時。 | Voided at.';
comment on column document.issued_void.account_id is '取り消した人。 | By.';
insert into base.setting (setting_code, label, value) values
    ('fiscal_end_month', '決算の月。1〜12。請求書などの保存期間は、この月の末日から二か月後に始まる。 | Month in which the fiscal year ends, 1 to 12. Two months after it begins the time for which invoices are kept.', '12');
