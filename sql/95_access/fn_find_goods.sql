create or replace function access.find_goods(p_words text, p_limit integer)
    returns table (kind text, key text, title text, detail text, rank integer)
    language plpgsql
    stable
    set search_path = ''
    set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_looked_at_max constant integer := 500;
    v_plain text := base.search_text(p_words);
    v_words text[] := array(
        select base.search_text(word)
        from regexp_split_to_table(normalize(p_words, nfkc), '\s+') as word
        where length(base.search_text(word)) >= 2
    );
    v_terms text[] := base.search_parts(v_words);
begin
    if v_terms = '{}' then
        return;
    end if;
    return query
    with hit as materialized (
        select sku.sku_id, sku.sku_code, sku.sku_name, sku.gtin
        from catalog.sku as sku
        where base.search_terms(sku.sku_code || e'\n' || sku.sku_name || e'\n' || coalesce(sku.gtin, ''), null, null) @> v_terms
        limit c_looked_at_max
    ), ranked as (
        select hit.*, case when base.search_text(hit.sku_code) = v_plain or hit.gtin = v_plain then 100
            when starts_with(base.search_text(hit.sku_code), v_plain) then 80
            when (
                select bool_and(strpos(base.search_text(hit.sku_code || e'\n' || hit.sku_name || e'\n' || coalesce(hit.gtin, '')), word) > 0)
                from unnest(v_words) as word
            ) then 60 end as rank
        from hit
    )
    select 'sku', ranked.sku_id::text, ranked.sku_code, concat_ws(' · ', ranked.sku_name, ranked.gtin), ranked.rank
    from ranked
    where ranked.rank is not null
    order by ranked.rank desc, ranked.sku_code
    limit p_limit;
    return query
    with hit as materialized (
        select product.product_id, product.product_code, product.product_name
        from catalog.product as product
        where base.search_terms(product.product_code || e'\n' || product.product_name, null, null) @> v_terms
        limit c_looked_at_max
    ), ranked as (
        select hit.*, case when base.search_text(hit.product_code) = v_plain then 95
            when starts_with(base.search_text(hit.product_code), v_plain) then 75
            when (
                select bool_and(strpos(base.search_text(hit.product_code || e'\n' || hit.product_name), word) > 0) from unnest(v_words) as word
            ) then 55 end as rank
        from hit
    )
    select 'product', ranked.product_id::text, ranked.product_code, ranked.product_name, ranked.rank
    from ranked
    where ranked.rank is not null
    order by ranked.rank desc, ranked.product_code
    limit p_limit;
end;
$$;
comment on function access.find_goods(text, integer) is
    '商品を探す。コード、名前、JAN の一部。 | Find goods. SKUs and products by a part of their code, name or GTIN.';
