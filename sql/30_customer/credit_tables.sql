create table customer.credit_term (
    customer_id bigint primary key constraint credit_term_customer_fk references customer.customer,
    closing_day integer not null,
    payment_months integer not null default 1,
    payment_day integer not null,
    starts_on date not null default current_date,
    is_on boolean not null default true,
    version integer not null default 1,
    constraint credit_term_closing_ck check (closing_day between 1 and 31),
    constraint credit_term_payment_ck check (payment_day between 1 and 31 and payment_months between 0 and 3),
    constraint credit_term_later_ck check (payment_months > 0 or payment_day > closing_day)
);
comment on table customer.credit_term is '掛売の条件。顧客の締日と支払日。締め請求書はこれによる。 | Credit terms of a customer. The day on which their account is closed and the day on which they pay; statements follow them.';
comment on column customer.credit_term.customer_id is '顧客。 | Customer.';
comment on column customer.credit_term.closing_day is '締日。1〜31、31 は月末。 | Closing day. 1 to 31; 31 is the last day of the month.';
comment on column customer.credit_term.payment_months is '支払までの月数。0 は締日と同じ月、1 は翌月。 | Months until payment. 0 is the month of the closing day, 1 the next.';
comment on column customer.credit_term.payment_day is '支払日。1〜31、31 は月末。 | Payment day. 1 to 31; 31 is the last day of the month.';
comment on column customer.credit_term.starts_on is '開始日。この日から出荷した掛売の受注を締める。 | Starts on. Credit sales shipped from this day on come onto statements.';
comment on column customer.credit_term.is_on is '有効。いいえなら締めない。 | On. Else no statement is due.';
comment on column customer.credit_term.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint credit_term_closing_ck on customer.credit_term is '締日は 1〜31 です。月末は 31 です。 | A closing day is 1 to 31; 31 is the last day of the month.';
comment on constraint credit_term_payment_ck on customer.credit_term is '支払日は 1〜31、支払までの月数は 0〜3 です。 | A payment day is 1 to 31, and the months until payment are 0 to 3.';
comment on constraint credit_term_later_ck on customer.credit_term is '支払日は締日より後です。翌月に払うなら月数を 1 にします。 | The payment day comes after the closing day; where it is in the next month, the months are 1.';
