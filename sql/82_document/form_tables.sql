create table document.form_template (
    form_template_id bigint generated always as identity primary key,
    shop_id bigint not null constraint form_template_shop_fk references channel.shop,
    document_kind base.code not null constraint form_template_kind_fk references document.document_kind,
    version_no integer not null,
    body text not null,
    saved_at timestamptz not null default now(),
    saved_by bigint,
    constraint form_template_version_uq unique (shop_id, document_kind, version_no),
    constraint form_template_whose_uq unique (form_template_id, shop_id, document_kind),
    constraint form_template_version_ck check (version_no > 0),
    constraint form_template_body_ck check (length(body) between 1 and 100000 and translate(body, E'\n\r\t', '') !~ '[[:cntrl:]]')
);
comment on table document.form_template is '様式。店舗ごとの帳票の書き方。版は消さず、変えない。 | Template. How documents of a shop are set; versions are neither changed nor removed.';
comment on column document.form_template.form_template_id is '番号。 | Number. Given by Daicho.';
comment on column document.form_template.shop_id is '店舗。 | Shop.';
comment on column document.form_template.document_kind is '帳票の種類。 | Document kind.';
comment on column document.form_template.version_no is '版。店舗と種類ごとに 1 から。 | Version. From 1 for each shop and kind.';
comment on column document.form_template.body is '本文。Typst で書く。 @multiline | Body. In Typst. @multiline';
comment on column document.form_template.saved_at is '保存日時。 | Saved at.';
comment on column document.form_template.saved_by is '保存した人。 | Saved by.';
comment on constraint form_template_version_uq on document.form_template is 'この版はすでにあります。 | This version is already there.';
comment on constraint form_template_whose_uq on document.form_template is '様式の店舗と種類は一つです。 | A template has one shop and one kind.';
comment on constraint form_template_version_ck on document.form_template is '版は 1 からです。 | Versions begin at 1.';
comment on constraint form_template_body_ck on document.form_template is '様式は 1〜100,000 文字で、改行とタブのほかの制御文字は書けません。 | A template has 1 to 100,000 characters and, but for line breaks and tabs, no control characters.';

create table document.form_trial (
    form_trial_id bigint generated always as identity primary key,
    form_template_id bigint not null constraint form_trial_template_fk references document.form_template,
    tried_at timestamptz not null default now(),
    is_sound boolean not null,
    line_no integer,
    column_no integer,
    sales_order_id bigint constraint form_trial_order_fk references sales.sales_order,
    constraint form_trial_place_ck check (line_no > 0 and column_no > 0),
    constraint form_trial_sound_ck check (not (is_sound and line_no is not null))
);
comment on table document.form_trial is '試し刷り。様式で実際に組んだ結果。書くのは画面と作業係だけ。 | Trial. What came of setting a template; noted by the web and the workers alone.';
comment on column document.form_trial.form_trial_id is '番号。 | Number. Given by Daicho.';
comment on column document.form_trial.form_template_id is '様式。 | Template.';
comment on column document.form_trial.tried_at is '日時。 | Tried at.';
comment on column document.form_trial.is_sound is '組めた。 | Sound. It could be set.';
comment on column document.form_trial.line_no is '行。誤りのある行。 | Line. Where it is wrong.';
comment on column document.form_trial.column_no is '桁。誤りのある桁。 | Column. Where it is wrong.';
comment on column document.form_trial.sales_order_id is '受注。なければ見本で試した。 | Order. None when it was tried on samples.';
comment on constraint form_trial_place_ck on document.form_trial is '行と桁は 1 からです。 | Lines and columns begin at 1.';
comment on constraint form_trial_sound_ck on document.form_trial is '組めた様式に誤りの場所はありません。 | What could be set has no place that is wrong.';
create index form_trial_template_ix on document.form_trial (form_template_id, form_trial_id desc);
create index form_trial_order_ix on document.form_trial (sales_order_id);

create table document.form_choice (
    form_choice_id bigint generated always as identity primary key,
    shop_id bigint not null constraint form_choice_shop_fk references channel.shop,
    document_kind base.code not null constraint form_choice_kind_fk references document.document_kind,
    form_template_id bigint,
    chosen_at timestamptz not null default now(),
    chosen_by bigint,
    constraint form_choice_template_fk foreign key (form_template_id, shop_id, document_kind)
        references document.form_template (form_template_id, shop_id, document_kind)
);
comment on table document.form_choice is '様式の採用。店舗と種類ごとに、いちばん新しい行が有効。 | Template in force. For each shop and kind the newest row holds.';
comment on column document.form_choice.form_choice_id is '番号。 | Number. Given by Daicho.';
comment on column document.form_choice.shop_id is '店舗。 | Shop.';
comment on column document.form_choice.document_kind is '帳票の種類。 | Document kind.';
comment on column document.form_choice.form_template_id is '様式。なければ標準。 | Template. None is the standard one.';
comment on column document.form_choice.chosen_at is '日時。 | Chosen at.';
comment on column document.form_choice.chosen_by is '決めた人。 | Chosen by.';
create index form_choice_newest_ix on document.form_choice (shop_id, document_kind, form_choice_id desc);
create index form_choice_template_ix on document.form_choice (form_template_id);
