-- How people come in: links that set a password, the second factor, API tokens. Only digests and sealed texts stand here.
create table staff.account_link (
    account_link_id bigint generated always as identity primary key,
    account_id bigint not null constraint account_link_account_fk references staff.account on delete cascade,
    kind text not null,
    link_digest text not null,
    made_by bigint,
    made_at timestamptz not null default now(),
    ends_at timestamptz not null,
    used_at timestamptz,
    ended_at timestamptz,
    constraint account_link_digest_uq unique (link_digest),
    constraint account_link_kind_ck check (kind in ('invite', 'reset')),
    constraint account_link_digest_ck check (link_digest ~ '^[0-9a-f]{64}$'),
    constraint account_link_ends_ck check (ends_at > made_at and ends_at <= made_at + interval '30 days')
);
comment on table staff.account_link is '招待と再設定のリンク。一度だけ使える。 | Invitation or reset link. It can be used once.';
comment on column staff.account_link.account_link_id is '番号。 | Number. Given by Daicho.';
comment on column staff.account_link.account_id is '担当者。 | Account. Who may set a password by it.';
comment on column staff.account_link.kind is '種類。invite は招待、reset は再設定。 | Kind. invite or reset.';
comment on column staff.account_link.link_digest is '照合値。リンクの鍵の SHA-256。 | Digest. SHA-256 of the key in the link.';
comment on column staff.account_link.made_by is '作成者。 | Made by.';
comment on column staff.account_link.made_at is '作成日時。 | Made at.';
comment on column staff.account_link.ends_at is '期限。 | Ends at. After this it opens nothing.';
comment on column staff.account_link.used_at is '使用日時。 | Used at.';
comment on column staff.account_link.ended_at is '取消日時。 | Withdrawn at.';
comment on constraint account_link_digest_uq on staff.account_link is '同じリンクがあります。 | This link exists.';
comment on constraint account_link_kind_ck on staff.account_link is '種類は invite か reset です。 | The kind is invite or reset.';
comment on constraint account_link_digest_ck on staff.account_link is '照合値は SHA-256 です。 | A digest is SHA-256.';
comment on constraint account_link_ends_ck on staff.account_link is '期限は 1〜30 日です。 | A link lives 1 to 30 days.';
create index account_link_account_ix on staff.account_link (account_id);

create table staff.second_factor (
    account_id bigint primary key constraint second_factor_account_fk references staff.account on delete cascade,
    secret bytea not null,
    last_step bigint not null default 0,
    made_at timestamptz not null default now(),
    confirmed_at timestamptz
);
comment on table staff.second_factor is '二段階認証。 | Second factor. The secret of an authenticator app, sealed with the installation''s key.';
comment on column staff.second_factor.account_id is '担当者。 | Account.';
comment on column staff.second_factor.secret is '秘密。暗号化してある。 | Secret. Sealed.';
comment on column staff.second_factor.last_step is '最後に使った時刻区間。同じ番号は二度使えない。 | Last step. A code of this or an earlier step is refused.';
comment on column staff.second_factor.made_at is '作成日時。 | Made at.';
comment on column staff.second_factor.confirmed_at is '有効日時。 | Confirmed at. From then on it is asked for.';

create table staff.recovery_code (
    account_id bigint not null constraint recovery_code_account_fk references staff.account on delete cascade,
    code_digest text not null,
    used_at timestamptz,
    constraint recovery_code_pk primary key (account_id, code_digest)
);
comment on table staff.recovery_code is '予備コード。端末がないときに一度だけ使える。 | Recovery code. Used once each, without the app.';
comment on column staff.recovery_code.account_id is '担当者。 | Account.';
comment on column staff.recovery_code.code_digest is '照合値。コードの SHA-256。 | Digest. SHA-256 of the code.';
comment on column staff.recovery_code.used_at is '使用日時。 | Used at.';

create table staff.api_token (
    api_token_id bigint generated always as identity primary key,
    account_id bigint not null constraint api_token_account_fk references staff.account on delete cascade,
    token_name text not null,
    token_digest text not null,
    staff_role base.code not null constraint api_token_role_fk references staff.staff_role,
    made_at timestamptz not null default now(),
    ends_at timestamptz not null,
    last_used_at timestamptz,
    ended_at timestamptz,
    constraint api_token_digest_uq unique (token_digest),
    constraint api_token_name_ck check (length(token_name) between 1 and 100 and token_name !~ '[[:cntrl:]]'),
    constraint api_token_digest_ck check (token_digest ~ '^[0-9a-f]{64}$'),
    constraint api_token_ends_ck check (ends_at > made_at and ends_at <= made_at + interval '366 days')
);
comment on table staff.api_token is 'API トークン。 | API token. Of an account, with its role or a lesser one.';
comment on column staff.api_token.api_token_id is '番号。 | Number. Given by Daicho.';
comment on column staff.api_token.account_id is '担当者。 | Account. As whom it acts.';
comment on column staff.api_token.token_name is '名前。何に使うか。 | Name. What it is for.';
comment on column staff.api_token.token_digest is '照合値。トークンの SHA-256。 | Digest. SHA-256 of the token.';
comment on column staff.api_token.staff_role is '役割。 | Role. The account''s own, or one that holds less.';
comment on column staff.api_token.made_at is '作成日時。 | Made at.';
comment on column staff.api_token.ends_at is '期限。 | Ends at.';
comment on column staff.api_token.last_used_at is '最後の使用。 | Last used at. To the minute.';
comment on column staff.api_token.ended_at is '取消日時。 | Withdrawn at.';
comment on constraint api_token_digest_uq on staff.api_token is '同じトークンがあります。 | This token exists.';
comment on constraint api_token_name_ck on staff.api_token is '名前は 1〜100 文字です。 | A name has 1 to 100 characters.';
comment on constraint api_token_digest_ck on staff.api_token is '照合値は SHA-256 です。 | A digest is SHA-256.';
comment on constraint api_token_ends_ck on staff.api_token is '期限は 1 年までです。 | A token lives a year at most.';
create index api_token_account_ix on staff.api_token (account_id);
