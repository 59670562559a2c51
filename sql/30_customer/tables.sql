create table customer.customer (
    customer_id bigint generated always as identity primary key,
    first_seen_at timestamptz not null default now(),
    forgotten_at timestamptz
);
comment on table customer.customer is '顧客。全店舗で一人。個人情報は別表。 | Customer. One person over all shops; personal data stands apart.';
comment on column customer.customer.customer_id is '顧客番号。 | Customer number. Given by Daicho.';
comment on column customer.customer.first_seen_at is '初回日時。 | First seen at.';
comment on column customer.customer.forgotten_at is '消去日時。 | Forgotten at. When the personal data was deleted.';

create table customer.customer_party (
    customer_id bigint primary key constraint customer_party_customer_fk references customer.customer,
    customer_name text,
    customer_kana text,
    email text,
    phone text,
    postal_code text,
    country_code text,
    region text,
    address_line1 text,
    address_line2 text,
    company text,
    version integer not null default 1,
    constraint customer_party_customer_name_ck check (length(customer_name) <= 200 and customer_name !~ '[[:cntrl:]]'),
    constraint customer_party_customer_kana_ck check (length(customer_kana) <= 200 and customer_kana !~ '[[:cntrl:]]'),
    constraint customer_party_email_ck check (length(email) <= 320 and email !~ '[[:cntrl:]]'),
    constraint customer_party_phone_ck check (length(phone) <= 50 and phone !~ '[[:cntrl:]]'),
    constraint customer_party_postal_code_ck check (length(postal_code) <= 20 and postal_code !~ '[[:cntrl:]]'),
    constraint customer_party_country_code_ck check (length(country_code) <= 100 and country_code !~ '[[:cntrl:]]'),
    constraint customer_party_region_ck check (length(region) <= 400 and region !~ '[[:cntrl:]]'),
    constraint customer_party_address_line1_ck check (length(address_line1) <= 400 and address_line1 !~ '[[:cntrl:]]'),
    constraint customer_party_address_line2_ck check (length(address_line2) <= 400 and address_line2 !~ '[[:cntrl:]]'),
    constraint customer_party_company_ck check (length(company) <= 200 and company !~ '[[:cntrl:]]')
);
comment on table customer.customer_party is '顧客の個人情報。 | Personal data of a customer.';
comment on column customer.customer_party.customer_id is '顧客。 | Customer.';
comment on column customer.customer_party.customer_name is '氏名。@pii | Name. @pii';
comment on column customer.customer_party.customer_kana is 'フリガナ。@pii | Kana. @pii';
comment on column customer.customer_party.email is 'メール。@pii | Mail. @pii';
comment on column customer.customer_party.phone is '電話。@pii | Phone. @pii';
comment on column customer.customer_party.postal_code is '郵便番号。@pii | Postal code. @pii';
comment on column customer.customer_party.country_code is '国。 | Country. Two letters of ISO 3166.';
comment on column customer.customer_party.region is '都道府県。@pii | Region. @pii';
comment on column customer.customer_party.address_line1 is '住所。@pii | Address. @pii';
comment on column customer.customer_party.address_line2 is '建物。@pii | Building. @pii';
comment on column customer.customer_party.company is '会社名。@pii | Company. @pii';
comment on column customer.customer_party.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint customer_party_customer_name_ck on customer.customer_party is '氏名は 200 文字までで、改行などの制御文字は書けません。 | A customer''s name has 200 characters at most and no control characters.';
comment on constraint customer_party_customer_kana_ck on customer.customer_party is 'フリガナは 200 文字までで、改行などの制御文字は書けません。 | A customer''s kana has 200 characters at most and no control characters.';
comment on constraint customer_party_email_ck on customer.customer_party is 'メールは 320 文字までで、改行などの制御文字は書けません。 | A customer''s mail address has 320 characters at most and no control characters.';
comment on constraint customer_party_phone_ck on customer.customer_party is '電話は 50 文字までで、改行などの制御文字は書けません。 | A customer''s phone has 50 characters at most and no control characters.';
comment on constraint customer_party_postal_code_ck on customer.customer_party is '郵便番号は 20 文字までで、改行などの制御文字は書けません。 | A customer''s postal code has 20 characters at most and no control characters.';
comment on constraint customer_party_country_code_ck on customer.customer_party is '国は 100 文字までで、改行などの制御文字は書けません。 | A customer''s country has 100 characters at most and no control characters.';
comment on constraint customer_party_region_ck on customer.customer_party is '都道府県は 400 文字までで、改行などの制御文字は書けません。 | A customer''s region has 400 characters at most and no control characters.';
comment on constraint customer_party_address_line1_ck on customer.customer_party is '住所は 400 文字までで、改行などの制御文字は書けません。 | A customer''s address has 400 characters at most and no control characters.';
comment on constraint customer_party_address_line2_ck on customer.customer_party is '建物は 400 文字までで、改行などの制御文字は書けません。 | A customer''s building has 400 characters at most and no control characters.';
comment on constraint customer_party_company_ck on customer.customer_party is '会社名は 200 文字までで、改行などの制御文字は書けません。 | A customer''s company has 200 characters at most and no control characters.';

create table customer.identity (
    identity_key uuid primary key,
    customer_id bigint not null constraint identity_customer_fk references customer.customer,
    identity_kind base.code not null,
    constraint identity_kind_ck check (identity_kind in ('shop_account', 'email', 'phone'))
);
comment on table customer.identity is
    '本人の手がかり。店舗の会員番号、メール、電話を鍵付きで要約した値。 | Identity. A keyed digest of a shop''s customer number, a mail address or a phone.';
comment on column customer.identity.identity_key is '要約値。@pii | Digest. @pii';
comment on column customer.identity.customer_id is '顧客。 | Customer.';
comment on column customer.identity.identity_kind is '種類。 | Kind. Of what it is a digest.';
comment on constraint identity_kind_ck on customer.identity is
    '種類は shop_account、email、phone のどれかです。 | The kind is shop_account, email or phone.';
create index identity_customer_ix on customer.identity (customer_id);
