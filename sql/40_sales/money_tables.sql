create table sales.fee_kind (
    fee_kind base.code primary key,
    label base.bilingual not null
);
comment on table sales.fee_kind is '料金の種類。 | Fee kind.';
comment on column sales.fee_kind.fee_kind is 'コード。 | Code. Stable for ever.';
comment on column sales.fee_kind.label is '名称。 | Name.';
insert into sales.fee_kind values
    ('shipping_fee', '送料 | Shipping fee'), ('cod_fee', '代引手数料 | COD fee'), ('gift_fee', 'ギフト料 | Gift fee'), ('discount', '値引 | Discount'),
    ('coupon', 'クーポン | Coupon'), ('points', 'ポイント利用 | Points used'), ('other', 'その他 | Other');

create table sales.sales_order_fee (
    sales_order_fee_id bigint generated always as identity primary key,
    sales_order_id bigint not null constraint sales_order_fee_order_fk references sales.sales_order,
    fee_no integer not null,
    fee_kind base.code not null constraint sales_order_fee_kind_fk references sales.fee_kind,
    amount base.money not null,
    tax_rate numeric(5, 4),
    fee_name text,
    is_shop_funded boolean not null default true,
    constraint sales_order_fee_no_uq unique (sales_order_id, fee_no),
    constraint sales_order_fee_tax_rate_ck check (tax_rate between 0 and 1),
    constraint sales_order_fee_name_ck check (length(fee_name) <= 400 and fee_name !~ '[[:cntrl:]]')
);
comment on table sales.sales_order_fee is '受注の料金と値引。送料、手数料、クーポン、ポイント。 | Fee of an order. Shipping, fees, coupons, points.';
comment on column sales.sales_order_fee.sales_order_fee_id is '番号。 | Number. Given by Daicho.';
comment on column sales.sales_order_fee.sales_order_id is '受注。 | Order.';
comment on column sales.sales_order_fee.fee_no is '連番。 | Fee no. Within the order.';
comment on column sales.sales_order_fee.fee_kind is '種類。 | Kind.';
comment on column sales.sales_order_fee.amount is '金額。値引は負の数。 | Amount. Negative where it is taken off.';
comment on column sales.sales_order_fee.tax_rate is '税率。 | Tax rate.';
comment on column sales.sales_order_fee.fee_name is '名称。店舗が伝えた名前。 | Name. As the shop said.';
comment on column sales.sales_order_fee.is_shop_funded is '店舗負担。いいえならモール負担。 | Borne by the shop. Else by the mall.';
comment on constraint sales_order_fee_no_uq on sales.sales_order_fee is '同じ連番の料金がすでにあります。 | A fee of that number is there already.';
comment on constraint sales_order_fee_name_ck on sales.sales_order_fee is '料金の名称は 400 文字までで、改行などの制御文字は書けません。 | The name of a fee has 400 characters at most and no control characters.';
comment on constraint sales_order_fee_tax_rate_ck on sales.sales_order_fee is '税率は 0 から 1 の間です。 | A tax rate is between 0 and 1.';

create table sales.payment (
    payment_id bigint generated always as identity primary key,
    sales_order_id bigint not null constraint payment_order_fk references sales.sales_order,
    paid_at timestamptz not null,
    amount base.money not null,
    payment_method base.code not null constraint payment_method_fk references sales.payment_method,
    external_payment_no text not null,
    account_id bigint,
    voids_payment_id bigint constraint payment_voids_fk references sales.payment,
    payment_part integer not null default 1,
    void_reason text,
    constraint payment_external_uq unique (sales_order_id, external_payment_no, payment_part),
    constraint payment_voids_uq unique (voids_payment_id),
    -- Recorded, taken back, recorded again: of one number the odd parts are payments, the even ones take back.
    constraint payment_part_ck check (payment_part > 0 and (payment_part % 2 = 0) = (voids_payment_id is not null)),
    constraint payment_void_reason_ck check (
        (void_reason is null or voids_payment_id is not null) and length(void_reason) <= 10000
        and translate(void_reason, E'\n\r\t', '') !~ '[[:cntrl:]]'
    ),
    constraint payment_external_ck check (length(external_payment_no) between 1 and 200 and external_payment_no !~ '[[:cntrl:]]')
);
comment on table sales.payment is '入金。追記のみ。取消は反対の額の行。 | Payment. Only ever added; one taken back has a row of the opposite amount.';
comment on column sales.payment.payment_id is '番号。 | Number. Given by Daicho.';
comment on column sales.payment.sales_order_id is '受注。 | Order.';
comment on column sales.payment.paid_at is '入金日時。 | Paid at.';
comment on column sales.payment.amount is '金額。受注の通貨。取消と返金は負の数。 | Amount. In the order''s currency; what is taken back or refunded is negative.';
comment on column sales.payment.payment_method is '支払方法。 | Payment. How it is paid.';
comment on column sales.payment.external_payment_no is '決済番号。同じ番号は一度だけ。@pii | External payment no. Each counts once. @pii';
comment on column sales.payment.account_id is '操作者。 | Account. Who entered it.';
comment on column sales.payment.voids_payment_id is '取り消した入金。この行が取り消す入金。 | Payment taken back. The one that this row takes back.';
comment on column sales.payment.payment_part is '回。同じ決済番号の何行目か。奇数は入金、偶数は取消。 | Part. Which row of its number; odd ones are payments, even ones take one back.';
comment on column sales.payment.void_reason is '取消の理由。@pii @multiline | Reason for taking back. @pii @multiline';
comment on constraint payment_voids_uq on sales.payment is 'この入金はすでに取り消されています。 | This payment has been taken back already.';
comment on constraint payment_part_ck on sales.payment is '同じ決済番号の奇数の行は入金、偶数の行は取消です。 | Of one payment no. the odd parts are payments and the even ones take one back.';
comment on constraint payment_void_reason_ck on sales.payment is '取消の理由は取消の行だけに、10,000 文字まで書けます。改行とタブのほかの制御文字は書けません。 | Only a row that takes a payment back has a reason; it has 10,000 characters at most and, but for line breaks and tabs, no control characters.';
comment on constraint payment_external_ck on sales.payment is '決済番号は 1〜200 文字で、改行などの制御文字は書けません。 | An external payment no. has 1 to 200 characters and no control characters.';
comment on constraint payment_external_uq on sales.payment is 'この決済番号の入金はすでにあります。 | A payment of that number is there already.';
