create table document.document_kind (
    document_kind base.code primary key,
    label base.bilingual not null,
    is_per_order boolean not null,
    is_for_buyer boolean not null,
    rank smallint not null,
    made_of text not null default 'sales.sales_order',
    constraint document_kind_made_of_ck check (made_of in ('sales.sales_order', 'sales.quotation', 'customer.customer'))
);
comment on table document.document_kind is '帳票の種類。 | Document kind. What can be printed.';
comment on column document.document_kind.document_kind is 'コード。 | Code. Stable for ever.';
comment on column document.document_kind.label is '名称。 | Name.';
comment on column document.document_kind.is_per_order is '受注や見積ごと。いいえなら選んだものをまとめて一つ。 | One for each order or quotation. Else one for all that are chosen.';
comment on column document.document_kind.is_for_buyer is '買う人に渡す。その人の言語で作る。 | For the buyer. Made in their language; others in that of who asks.';
comment on column document.document_kind.rank is '順。 | Rank. Their order in lists.';
comment on column document.document_kind.made_of is 'もと。何から作るか、その表。 | Made of. The table of what it is made of.';
comment on constraint document_kind_made_of_ck on document.document_kind is '帳票は受注、見積、顧客のどれかから作ります。 | A document is made of orders, of quotations or of customers.';
insert into document.document_kind values
    ('delivery_note', '納品書 | Delivery note', true, true, 10),
    ('gift_delivery_note', 'お届け明細（価格なし） | Packing slip without prices', true, true, 20),
    ('picking_list', 'ピッキングリスト（受注別） | Picking list by order', true, false, 30),
    ('packing_label', '荷札 | Packing label', true, false, 35),
    ('customs_form', '税関告知書（CN22・CN23） | Customs form (CN22, CN23)', true, false, 37),
    ('picking_total', 'ピッキングリスト（合計） | Total picking list', false, false, 40);
insert into document.document_kind values ('quotation', '見積書 | Quotation', true, true, 95, 'sales.quotation');

create table document.sender (
    shop_id bigint primary key constraint sender_shop_fk references channel.shop,
    sender_name text not null,
    invoice_registration_no text,
    postal_code text not null default '',
    address text not null default '',
    phone text not null default '',
    email text not null default '',
    bank_account text not null default '',
    greeting text not null default '',
    note text not null default '',
    locale text not null default 'ja',
    english_name text not null default '',
    english_address text not null default '',
    version integer not null default 1,
    constraint sender_name_ck check (length(sender_name) between 1 and 200 and sender_name !~ '[[:cntrl:]]'),
    constraint sender_english_ck check (
        length(english_name) <= 200 and length(english_address) <= 400
        and english_name || english_address !~ '[^\u0020-\u007e\u00a0-\u024f]'
    ),
    constraint sender_locale_ck check (locale in ('ja', 'en')),
    constraint sender_registration_ck check (invoice_registration_no ~ '^T[0-9]{13}$'),
    constraint sender_address_ck check (
        length(postal_code) <= 20 and length(address) <= 400 and length(phone) <= 50 and length(email) <= 320
        and postal_code || address || phone || email !~ '[[:cntrl:]]'
    ),
    constraint sender_bank_ck check (length(bank_account) <= 400 and bank_account !~ '[[:cntrl:]]'),
    constraint sender_words_ck check (
        length(greeting) <= 1000 and length(note) <= 2000 and translate(greeting || note, E'\n\r\t', '') !~ '[[:cntrl:]]'
    )
);
comment on table document.sender is '差出人。店舗ごとの、帳票に載る名前と住所と文。 | Sender. What documents of a shop say of it: name, address, words.';
comment on column document.sender.shop_id is '店舗。 | Shop.';
comment on column document.sender.sender_name is '名称。帳票に出る店または会社の名前。 | Name. Of the shop or company, as documents say it.';
comment on column document.sender.invoice_registration_no is '登録番号。適格請求書発行事業者の T と 13 桁。 | Registration no. Of the qualified invoice issuer: T and 13 digits.';
comment on column document.sender.postal_code is '郵便番号。 | Postal code.';
comment on column document.sender.address is '住所。 | Address.';
comment on column document.sender.phone is '電話。 | Phone.';
comment on column document.sender.email is 'メール。 | Mail.';
comment on column document.sender.bank_account is '振込先。締め請求書に載る、銀行、支店、口座。 | Bank account. Bank, branch and account, as statements say it.';
comment on column document.sender.greeting is 'あいさつ。納品書の最初の文。 @multiline | Greeting. The first words of a delivery note. @multiline';
comment on column document.sender.note is 'おしらせ。納品書の最後の文。 @multiline | Note. The last words of a delivery note. @multiline';
comment on column document.sender.locale is '言語。買う人に渡す帳票の言語。ja か en。 | Language. Of the documents for buyers: ja or en.';
comment on column document.sender.english_name is '英語の名称。税関告知書に載る。 | Name in English. As customs forms say it.';
comment on column document.sender.english_address is '英語の住所。税関告知書に載る。国名は書かない。 | Address in English. As customs forms say it, without the country.';
comment on column document.sender.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint sender_name_ck on document.sender is '名称は 1〜200 文字で、改行などの制御文字は書けません。 | A name has 1 to 200 characters and no control characters.';
comment on constraint sender_english_ck on document.sender is '英語の名称は 200、住所は 400 文字までで、ラテン文字で書きます。 | In English a name has 200 and an address 400 characters at most, in Latin letters.';
comment on constraint sender_locale_ck on document.sender is '言語は ja か en です。 | The language is ja or en.';
comment on constraint sender_registration_ck on document.sender is '登録番号は T と数字 13 桁です（例 T1234567890123）。 | A registration no. is T and 13 digits, such as T1234567890123.';
comment on constraint sender_address_ck on document.sender is '郵便番号は 20、住所は 400、電話は 50、メールは 320 文字までで、改行などの制御文字は書けません。 | Postal code 20, address 400, phone 50 and mail 320 characters at most, without control characters.';
comment on constraint sender_bank_ck on document.sender is '振込先は 400 文字までで、改行などの制御文字は書けません。 | A bank account has 400 characters at most and no control characters.';
comment on constraint sender_words_ck on document.sender is 'あいさつは 1,000、おしらせは 2,000 文字までで、改行とタブのほかの制御文字は書けません。 | A greeting has 1,000 and a note 2,000 characters at most; but for line breaks and tabs no control characters.';
insert into base.setting (setting_code, label, value) values
    ('tax_rounding', '消費税の端数。税率ごとに一度だけ。down 切捨て、half_up 四捨五入、up 切上げ。 | Rounding of tax, once for each rate: down, half_up or up.', '"down"'),
    ('tax_rate_standard', '標準税率。税率のない行と料金に使う。 | Standard tax rate. For lines and fees that state none.', '0.10'),
    ('tax_rate_reduced', '軽減税率。この税率の行に ※ を付ける。 | Reduced tax rate. Lines of this rate are marked.', '0.08'),
    ('home_country', '自国。ISO 3166 の二文字。ほかの国への受注に税関告知書を作る。 | Home country, two letters of ISO 3166. Orders to others have customs forms.', '"JP"'),
    -- 300 SDR as low as the yen had them lately (2019). A form CN 23 is never wrong; a CN 22 from there on is.
    ('customs_small_value', 'CN22 で足りる額。300 SDR より少ない基準通貨の額。これ以上は CN23 にする。 | Value below which CN22 will do: what 300 SDR are in base money. From there on it is CN23.', '45000');
