-- The texts that a shop begins with; rules that would send them by themselves begin switched off.
insert into mail.standard_template (template_code, locale, template_name, mail_event, is_advertising, subject, text_body) values
    ('order_received', 'ja', '受注のお礼 | Order confirmation', 'order_received', false, '【{{ shop.name }}】ご注文ありがとうございます（{{ order.shop_no }}）', '{{ buyer.name }} 様

このたびはご注文いただき、ありがとうございます。
下記の内容で承りました。

受注番号　{{ order.shop_no }}（{{ order.ordered_on }}）
支払方法　{{ order.payment }}

{% for line in lines %}・{{ line.name }}{% if line.option != "" %}（{{ line.option }}）{% endif %}
  {{ line.price }} × {{ line.quantity }} = {{ line.amount }}
{% endfor %}
商品計　　{{ order.items }}
送料　　　{{ order.shipping_fee }}
{% if order.fees != "" %}手数料　　{{ order.fees }}
{% endif %}{% if order.discount != "" %}値引　　　{{ order.discount }}
{% endif %}{% if order.points != "" %}ポイント　{{ order.points }}
{% endif %}合計　　　{{ order.total }}

お届け先　{{ recipient.name }} 様
　　　　　{{ recipient.postal_code }} {{ recipient.address }}
{% if order.delivery_on != "" %}お届け希望　{{ order.delivery_on }} {{ order.delivery_slot }}
{% endif %}
発送しましたら、あらためてお知らせします。

――――――――――
{{ shop.name }}
{% if shop.phone != "" %}電話 {{ shop.phone }}
{% endif %}{% if shop.email != "" %}メール {{ shop.email }}
{% endif %}'),
    ('order_received', 'en', '受注のお礼 | Order confirmation', 'order_received', false, '{{ shop.name }}: thank you for your order {{ order.shop_no }}', 'Dear {{ buyer.name }},

Thank you for your order. This is what we have received.

Order no.  {{ order.shop_no }} ({{ order.ordered_on }})
Payment    {{ order.payment }}

{% for line in lines %}- {{ line.name }}{% if line.option != "" %} ({{ line.option }}){% endif %}
  {{ line.price }} x {{ line.quantity }} = {{ line.amount }}
{% endfor %}
Items      {{ order.items }}
Shipping   {{ order.shipping_fee }}
{% if order.fees != "" %}Fees       {{ order.fees }}
{% endif %}{% if order.discount != "" %}Discount   {{ order.discount }}
{% endif %}{% if order.points != "" %}Points     {{ order.points }}
{% endif %}Total      {{ order.total }}

To         {{ recipient.name }}
           {{ recipient.postal_code }} {{ recipient.address }}
{% if order.delivery_on != "" %}Wanted on  {{ order.delivery_on }} {{ order.delivery_slot }}
{% endif %}
We will write again when it is on its way.

--
{{ shop.name }}
{% if shop.phone != "" %}Phone {{ shop.phone }}
{% endif %}{% if shop.email != "" %}Mail {{ shop.email }}
{% endif %}'),
    ('payment_asked', 'ja', '入金のお願い | Payment asked', 'payment_asked', false, '【{{ shop.name }}】お支払いのお願い（{{ order.shop_no }}）', '{{ buyer.name }} 様

ご注文ありがとうございます。
お支払いを確認してから発送します。

受注番号　{{ order.shop_no }}（{{ order.ordered_on }}）
支払方法　{{ order.payment }}
お支払額　{{ order.unpaid }}

行き違いでお支払い済みの場合は、ご容赦ください。

――――――――――
{{ shop.name }}
{% if shop.phone != "" %}電話 {{ shop.phone }}
{% endif %}{% if shop.email != "" %}メール {{ shop.email }}
{% endif %}'),
    ('payment_asked', 'en', '入金のお願い | Payment asked', 'payment_asked', false, '{{ shop.name }}: please pay for your order {{ order.shop_no }}', 'Dear {{ buyer.name }},

Thank you for your order. We ship it as soon as it is paid.

Order no.  {{ order.shop_no }} ({{ order.ordered_on }})
Payment    {{ order.payment }}
To be paid {{ order.unpaid }}

If you have just paid, please take no notice of this.

--
{{ shop.name }}
{% if shop.phone != "" %}Phone {{ shop.phone }}
{% endif %}{% if shop.email != "" %}Mail {{ shop.email }}
{% endif %}'),
    ('payment_received', 'ja', '入金確認のお知らせ | Payment received', 'payment_received', false, '【{{ shop.name }}】ご入金を確認しました（{{ order.shop_no }}）', '{{ buyer.name }} 様

ご入金を確認しました。ありがとうございます。
発送しましたら、あらためてお知らせします。

受注番号　{{ order.shop_no }}（{{ order.ordered_on }}）
ご入金額　{{ order.paid }}

――――――――――
{{ shop.name }}
{% if shop.phone != "" %}電話 {{ shop.phone }}
{% endif %}{% if shop.email != "" %}メール {{ shop.email }}
{% endif %}'),
    ('payment_received', 'en', '入金確認のお知らせ | Payment received', 'payment_received', false, '{{ shop.name }}: we have your payment for {{ order.shop_no }}', 'Dear {{ buyer.name }},

We have received your payment, thank you. We will write again when your order is on its way.

Order no.  {{ order.shop_no }} ({{ order.ordered_on }})
Paid       {{ order.paid }}

--
{{ shop.name }}
{% if shop.phone != "" %}Phone {{ shop.phone }}
{% endif %}{% if shop.email != "" %}Mail {{ shop.email }}
{% endif %}'),
    ('payment_reminder', 'ja', '入金の確認のお願い | Payment reminder', 'payment_reminder', false, '【{{ shop.name }}】お支払いがまだ確認できません（{{ order.shop_no }}）', '{{ buyer.name }} 様

下記のご注文のお支払いが、まだ確認できません。
ご都合が変わりましたら、お知らせください。

受注番号　{{ order.shop_no }}（{{ order.ordered_on }}）
支払方法　{{ order.payment }}
お支払額　{{ order.unpaid }}

行き違いでお支払い済みの場合は、ご容赦ください。

――――――――――
{{ shop.name }}
{% if shop.phone != "" %}電話 {{ shop.phone }}
{% endif %}{% if shop.email != "" %}メール {{ shop.email }}
{% endif %}'),
    ('payment_reminder', 'en', '入金の確認のお願い | Payment reminder', 'payment_reminder', false, '{{ shop.name }}: we still wait for your payment for {{ order.shop_no }}', 'Dear {{ buyer.name }},

We have not seen a payment for this order yet. Please tell us if you have changed your mind.

Order no.  {{ order.shop_no }} ({{ order.ordered_on }})
Payment    {{ order.payment }}
To be paid {{ order.unpaid }}

If you have just paid, please take no notice of this.

--
{{ shop.name }}
{% if shop.phone != "" %}Phone {{ shop.phone }}
{% endif %}{% if shop.email != "" %}Mail {{ shop.email }}
{% endif %}'),
    ('delayed', 'ja', '発送の遅れのお詫び | Delayed', 'delayed', false, '【{{ shop.name }}】発送が遅れています（{{ order.shop_no }}）', '{{ buyer.name }} 様

ご注文の品の入荷が遅れており、発送までお時間をいただいています。
お待たせして申し訳ありません。入荷しだいお知らせします。
キャンセルをご希望の場合は、このメールにご返信ください。

受注番号　{{ order.shop_no }}（{{ order.ordered_on }}）

{% for line in lines %}・{{ line.name }}{% if line.option != "" %}（{{ line.option }}）{% endif %}
  {{ line.price }} × {{ line.quantity }} = {{ line.amount }}
{% endfor %}
――――――――――
{{ shop.name }}
{% if shop.phone != "" %}電話 {{ shop.phone }}
{% endif %}{% if shop.email != "" %}メール {{ shop.email }}
{% endif %}'),
    ('delayed', 'en', '発送の遅れのお詫び | Delayed', 'delayed', false, '{{ shop.name }}: your order {{ order.shop_no }} is delayed', 'Dear {{ buyer.name }},

Goods of your order are late, and so is its shipment. We are sorry, and will write as soon as they are here.
If you would rather cancel, please answer this mail.

Order no.  {{ order.shop_no }} ({{ order.ordered_on }})

{% for line in lines %}- {{ line.name }}{% if line.option != "" %} ({{ line.option }}){% endif %}
  {{ line.price }} x {{ line.quantity }} = {{ line.amount }}
{% endfor %}
--
{{ shop.name }}
{% if shop.phone != "" %}Phone {{ shop.phone }}
{% endif %}{% if shop.email != "" %}Mail {{ shop.email }}
{% endif %}'),
    ('back_in_stock', 'ja', '入荷のお知らせ | Back in stock', 'back_in_stock', false, '【{{ shop.name }}】お待ちの品が入荷しました（{{ order.shop_no }}）', '{{ buyer.name }} 様

お待たせしました。ご注文の品が入荷しました。これから発送の準備をします。

受注番号　{{ order.shop_no }}（{{ order.ordered_on }}）

{% for line in lines %}・{{ line.name }}{% if line.option != "" %}（{{ line.option }}）{% endif %}
  {{ line.price }} × {{ line.quantity }} = {{ line.amount }}
{% endfor %}
――――――――――
{{ shop.name }}
{% if shop.phone != "" %}電話 {{ shop.phone }}
{% endif %}{% if shop.email != "" %}メール {{ shop.email }}
{% endif %}'),
    ('back_in_stock', 'en', '入荷のお知らせ | Back in stock', 'back_in_stock', false, '{{ shop.name }}: the goods of your order {{ order.shop_no }} are here', 'Dear {{ buyer.name }},

Thank you for waiting: the goods of your order are here, and we are getting it ready.

Order no.  {{ order.shop_no }} ({{ order.ordered_on }})

{% for line in lines %}- {{ line.name }}{% if line.option != "" %} ({{ line.option }}){% endif %}
  {{ line.price }} x {{ line.quantity }} = {{ line.amount }}
{% endfor %}
--
{{ shop.name }}
{% if shop.phone != "" %}Phone {{ shop.phone }}
{% endif %}{% if shop.email != "" %}Mail {{ shop.email }}
{% endif %}'),
    ('shipped', 'ja', '発送のお知らせ | Shipped', 'shipped', false, '【{{ shop.name }}】発送しました（{{ order.shop_no }}）', '{{ buyer.name }} 様

ご注文の品を発送しました。

受注番号　{{ order.shop_no }}（{{ order.ordered_on }}）
{% for one in shipments %}運送会社　{{ one.carrier }}
送り状番号　{{ one.tracking_no }}
{% endfor %}お届け先　{{ recipient.name }} 様
{% if order.delivery_on != "" %}お届け希望　{{ order.delivery_on }} {{ order.delivery_slot }}
{% endif %}
{% for line in lines %}・{{ line.name }}{% if line.option != "" %}（{{ line.option }}）{% endif %}
  {{ line.price }} × {{ line.quantity }} = {{ line.amount }}
{% endfor %}
――――――――――
{{ shop.name }}
{% if shop.phone != "" %}電話 {{ shop.phone }}
{% endif %}{% if shop.email != "" %}メール {{ shop.email }}
{% endif %}'),
    ('shipped', 'en', '発送のお知らせ | Shipped', 'shipped', false, '{{ shop.name }}: your order {{ order.shop_no }} is on its way', 'Dear {{ buyer.name }},

Your order has left our house.

Order no.  {{ order.shop_no }} ({{ order.ordered_on }})
{% for one in shipments %}Carrier       {{ one.carrier }}
Tracking no.  {{ one.tracking_no }}
{% endfor %}To            {{ recipient.name }}
{% if order.delivery_on != "" %}Wanted on     {{ order.delivery_on }} {{ order.delivery_slot }}
{% endif %}
{% for line in lines %}- {{ line.name }}{% if line.option != "" %} ({{ line.option }}){% endif %}
  {{ line.price }} x {{ line.quantity }} = {{ line.amount }}
{% endfor %}
--
{{ shop.name }}
{% if shop.phone != "" %}Phone {{ shop.phone }}
{% endif %}{% if shop.email != "" %}Mail {{ shop.email }}
{% endif %}'),
    ('review_asked', 'ja', 'お届け後のお礼とレビューのお願い | After delivery, review asked', 'delivered', true, '【{{ shop.name }}】商品はいかがでしたか（{{ order.shop_no }}）', '{{ buyer.name }} 様

先日はご注文いただき、ありがとうございました。
商品は無事に届きましたでしょうか。よろしければ、お店のレビューでご感想をお聞かせください。
不都合がありましたら、このメールにご返信ください。

受注番号　{{ order.shop_no }}（{{ order.ordered_on }}）

{% for line in lines %}・{{ line.name }}{% if line.option != "" %}（{{ line.option }}）{% endif %}
  {{ line.price }} × {{ line.quantity }} = {{ line.amount }}
{% endfor %}
配信停止はこちら
{{ unsubscribe_url }}

――――――――――
{{ shop.name }}
{% if shop.phone != "" %}電話 {{ shop.phone }}
{% endif %}{% if shop.email != "" %}メール {{ shop.email }}
{% endif %}{% if shop.address != "" %}{{ shop.address }}
{% endif %}'),
    ('review_asked', 'en', 'お届け後のお礼とレビューのお願い | After delivery, review asked', 'delivered', true, '{{ shop.name }}: how do you like it? ({{ order.shop_no }})', 'Dear {{ buyer.name }},

Thank you again for your order. We hope that it has arrived well, and would be glad of a review in the shop.
If anything is wrong, please answer this mail.

Order no.  {{ order.shop_no }} ({{ order.ordered_on }})

{% for line in lines %}- {{ line.name }}{% if line.option != "" %} ({{ line.option }}){% endif %}
  {{ line.price }} x {{ line.quantity }} = {{ line.amount }}
{% endfor %}
To get no more of these:
{{ unsubscribe_url }}

--
{{ shop.name }}
{% if shop.phone != "" %}Phone {{ shop.phone }}
{% endif %}{% if shop.email != "" %}Mail {{ shop.email }}
{% endif %}{% if shop.address != "" %}{{ shop.address }}
{% endif %}'),
    ('cancelled', 'ja', 'キャンセルのお知らせ | Cancelled', 'cancelled', false, '【{{ shop.name }}】ご注文をキャンセルしました（{{ order.shop_no }}）', '{{ buyer.name }} 様

下記のご注文をキャンセルしました。
またのご利用をお待ちしています。

受注番号　{{ order.shop_no }}（{{ order.ordered_on }}）

{% for line in lines %}・{{ line.name }}{% if line.option != "" %}（{{ line.option }}）{% endif %}
  {{ line.price }} × {{ line.quantity }} = {{ line.amount }}
{% endfor %}
――――――――――
{{ shop.name }}
{% if shop.phone != "" %}電話 {{ shop.phone }}
{% endif %}{% if shop.email != "" %}メール {{ shop.email }}
{% endif %}'),
    ('cancelled', 'en', 'キャンセルのお知らせ | Cancelled', 'cancelled', false, '{{ shop.name }}: your order {{ order.shop_no }} is cancelled', 'Dear {{ buyer.name }},

This order has been cancelled. We hope to see you again.

Order no.  {{ order.shop_no }} ({{ order.ordered_on }})

{% for line in lines %}- {{ line.name }}{% if line.option != "" %} ({{ line.option }}){% endif %}
  {{ line.price }} x {{ line.quantity }} = {{ line.amount }}
{% endfor %}
--
{{ shop.name }}
{% if shop.phone != "" %}Phone {{ shop.phone }}
{% endif %}{% if shop.email != "" %}Mail {{ shop.email }}
{% endif %}'),
    ('refunded', 'ja', '返金のお知らせ | Refunded', 'refunded', false, '【{{ shop.name }}】返金の手続きをしました（{{ order.shop_no }}）', '{{ buyer.name }} 様

下記のご注文の返金の手続きをしました。
口座やカードに戻るまで、数日かかることがあります。

受注番号　{{ order.shop_no }}（{{ order.ordered_on }}）
返金額　　{{ order.refunded }}

――――――――――
{{ shop.name }}
{% if shop.phone != "" %}電話 {{ shop.phone }}
{% endif %}{% if shop.email != "" %}メール {{ shop.email }}
{% endif %}'),
    ('refunded', 'en', '返金のお知らせ | Refunded', 'refunded', false, '{{ shop.name }}: a refund for your order {{ order.shop_no }}', 'Dear {{ buyer.name }},

We have made a refund for this order. It may take some days to reach your account or card.

Order no.  {{ order.shop_no }} ({{ order.ordered_on }})
Refund     {{ order.refunded }}

--
{{ shop.name }}
{% if shop.phone != "" %}Phone {{ shop.phone }}
{% endif %}{% if shop.email != "" %}Mail {{ shop.email }}
{% endif %}'),
    ('delay_notice', 'ja', '遅れのお知らせ（選んで送る） | Delay notice (to chosen orders)', 'chosen', false, '【{{ shop.name }}】お届けが遅れます（{{ order.shop_no }}）', '{{ buyer.name }} 様

ご注文の品のお届けが、予定より遅れます。お待たせして申し訳ありません。
キャンセルをご希望の場合は、このメールにご返信ください。

受注番号　{{ order.shop_no }}（{{ order.ordered_on }}）

{% for line in lines %}・{{ line.name }}{% if line.option != "" %}（{{ line.option }}）{% endif %}
  {{ line.price }} × {{ line.quantity }} = {{ line.amount }}
{% endfor %}
――――――――――
{{ shop.name }}
{% if shop.phone != "" %}電話 {{ shop.phone }}
{% endif %}{% if shop.email != "" %}メール {{ shop.email }}
{% endif %}'),
    ('delay_notice', 'en', '遅れのお知らせ（選んで送る） | Delay notice (to chosen orders)', 'chosen', false, '{{ shop.name }}: your order {{ order.shop_no }} will be late', 'Dear {{ buyer.name }},

Your order will arrive later than planned. We are sorry to keep you waiting.
If you would rather cancel, please answer this mail.

Order no.  {{ order.shop_no }} ({{ order.ordered_on }})

{% for line in lines %}- {{ line.name }}{% if line.option != "" %} ({{ line.option }}){% endif %}
  {{ line.price }} x {{ line.quantity }} = {{ line.amount }}
{% endfor %}
--
{{ shop.name }}
{% if shop.phone != "" %}Phone {{ shop.phone }}
{% endif %}{% if shop.email != "" %}Mail {{ shop.email }}
{% endif %}'),
    ('answer', 'ja', 'お問い合わせへの返信 | Answer to an inquiry', 'reply', false, '【{{ shop.name }}】お問い合わせの件（{{ order.shop_no }}）', '{{ buyer.name }} 様

お問い合わせありがとうございます。



――――――――――
{{ shop.name }}
{% if shop.phone != "" %}電話 {{ shop.phone }}
{% endif %}{% if shop.email != "" %}メール {{ shop.email }}
{% endif %}'),
    ('answer', 'en', 'お問い合わせへの返信 | Answer to an inquiry', 'reply', false, '{{ shop.name }}: your question about {{ order.shop_no }}', 'Dear {{ buyer.name }},

Thank you for writing.



--
{{ shop.name }}
{% if shop.phone != "" %}Phone {{ shop.phone }}
{% endif %}{% if shop.email != "" %}Mail {{ shop.email }}
{% endif %}');
insert into mail.mail_template (template_code, template_name, mail_event, locale, is_advertising, subject, text_body)
select standard.template_code, standard.template_name, standard.mail_event, standard.locale, standard.is_advertising, standard.subject, standard.text_body
from mail.standard_template as standard
order by standard.template_code, standard.locale desc;
insert into mail.mail_rule (rule_name, mail_event, template_code, wait) values
    ('受注のお礼 | Order confirmation', 'order_received', 'order_received', '0'),
    ('入金のお願い | Payment asked', 'payment_asked', 'payment_asked', '5 minutes'),
    ('入金確認 | Payment received', 'payment_received', 'payment_received', '0'),
    ('入金の催促（三日後） | Payment reminder, after three days', 'payment_reminder', 'payment_reminder', '3 days'),
    ('発送の遅れ（二日待っても入荷しない） | Delayed, when goods are not here after two days', 'delayed', 'delayed', '2 days'),
    ('入荷 | Back in stock', 'back_in_stock', 'back_in_stock', '0'),
    ('発送のお知らせ | Shipped', 'shipped', 'shipped', '0'),
    ('お届け後（七日後） | After delivery, a week after shipment', 'delivered', 'review_asked', '7 days'),
    ('キャンセル | Cancelled', 'cancelled', 'cancelled', '0'),
    ('返金 | Refunded', 'refunded', 'refunded', '0');
