create index sales_order_party_terms_ix on sales.sales_order_party using gin (base.search_terms(
    coalesce(buyer_name, '') || e'\n' || coalesce(buyer_kana, '') || e'\n' || coalesce(buyer_company, '') || e'\n' || coalesce(recipient_name, '')
        || e'\n' || coalesce(recipient_kana, '') || e'\n' || coalesce(recipient_company, ''), buyer_phone, recipient_phone
));
create index sales_order_external_tail_ix on sales.sales_order (reverse(external_order_no));
