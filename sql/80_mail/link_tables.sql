create table mail.link_template (
    link_template_id bigint generated always as identity primary key,
    link_name base.bilingual not null,
    url text not null,
    shop_id bigint constraint link_template_shop_fk references channel.shop,
    is_on boolean not null default true,
    version integer not null default 1,
    constraint link_template_url_ck check (
        length(url) <= 2000 and url ~ '^https?://[^/{}[:space:][:cntrl:]]+(/[^[:space:][:cntrl:]]*)?$'
        and replace(replace(replace(replace(url, '{email}', ''), '{order_no}', ''), '{shop_order_no}', ''), '{customer_id}', '') !~ '[{}<>"]'
    )
);
comment on table mail.link_template is '窓口へのリンク。メールディーラーなどの画面を、受注のページから開く。 | Link to a help desk. Opens the page of Mail Dealer and others from an order.';
comment on column mail.link_template.link_template_id is '番号。 | Number. Given by Daicho.';
comment on column mail.link_template.link_name is '名称。 | Name.';
comment on column mail.link_template.url is 'アドレス。{email} {order_no} {shop_order_no} {customer_id} が入る。 | Address. {email}, {order_no}, {shop_order_no} and {customer_id} are filled in.';
comment on column mail.link_template.shop_id is '店舗。空なら全店舗。 | Shop. Empty for all.';
comment on column mail.link_template.is_on is '有効。 | On.';
comment on column mail.link_template.version is '版。同時編集の検出用。 | Version. To notice two people editing one row.';
comment on constraint link_template_url_ck on mail.link_template is 'アドレスは http か https で始まり、入れられるのは {email} {order_no} {shop_order_no} {customer_id} だけです（例 https://desk.example.com/search?q={email}）。 | An address begins with http or https, and nothing but {email}, {order_no}, {shop_order_no} and {customer_id} can be filled in, such as https://desk.example.com/search?q={email}.';
