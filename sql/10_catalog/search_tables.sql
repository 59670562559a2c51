create index sku_terms_ix on catalog.sku using gin (base.search_terms(sku_code || e'\n' || sku_name || e'\n' || coalesce(gtin, ''), null, null));
create index product_terms_ix on catalog.product using gin (base.search_terms(product_code || e'\n' || product_name, null, null));
