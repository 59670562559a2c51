create index customer_party_terms_ix on customer.customer_party using gin (base.search_terms(
    coalesce(customer_name, '') || e'\n' || coalesce(customer_kana, '') || e'\n' || coalesce(company, ''), phone, null
));
create index customer_party_email_ix on customer.customer_party (lower(email)) where email is not null;
