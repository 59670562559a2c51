create or replace function catalog.skus_import(p_shop_id bigint, p_items jsonb)
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_shop channel.shop;
    v_listing record;
    v_count integer;
begin
    select shop.* into v_shop
    from channel.shop as shop
    where shop.shop_id = p_shop_id and shop.shop_id = any((select access.shop_ids())::bigint[]);
    if v_shop.shop_id is null then
        raise exception '店舗 % が見つかりません。 | Shop % is not there.', p_shop_id, p_shop_id
            using errcode = 'DC404', hint = '担当する店舗を選びます。 | Choose a shop that is yours.';
    end if;
    create temporary table item_work on commit drop as
    select distinct on (item.external_listing_no) item.external_listing_no, left(coalesce(nullif(btrim(item.name), ''), item.external_listing_no), 500) as name
    from jsonb_to_recordset(p_items) as item (external_listing_no text, name text)
    order by item.external_listing_no, item.name;
    -- The code as it is: capitals and small letters are different SKUs, as they are to the shop.
    insert into catalog.sku (sku_code, sku_name, currency_code)
    select item.external_listing_no, item.name, v_shop.currency_code
    from pg_temp.item_work as item
    where not exists (
        select from channel.listing as listing
        where listing.shop_id = p_shop_id and listing.external_listing_no = item.external_listing_no and listing.sku_id is not null
    )
    order by item.external_listing_no
    on conflict on constraint sku_code_uq do nothing;
    -- Where the channel takes no stock there is nothing to publish.
    insert into channel.listing (shop_id, sku_id, external_listing_no, listing_name, is_published)
    select p_shop_id, sku.sku_id, item.external_listing_no, item.name, 'stock' = any(channel.capabilities)
    from pg_temp.item_work as item
    join catalog.sku as sku on sku.sku_code = item.external_listing_no
    join channel.channel as channel on channel.channel_code = v_shop.channel_code
    order by item.external_listing_no
    on conflict on constraint listing_external_uq do nothing;
    get diagnostics v_count = row_count;
    for v_listing in
        select listing.listing_id, sku.sku_id
        from pg_temp.item_work as item
        join channel.listing as listing on listing.shop_id = p_shop_id and listing.external_listing_no = item.external_listing_no
        join catalog.sku as sku on sku.sku_code = item.external_listing_no
        where listing.sku_id is null
        order by listing.listing_id
    loop
        perform channel.listing_link(v_listing.listing_id, v_listing.sku_id);
        v_count := v_count + 1;
    end loop;
    drop table pg_temp.item_work;
    return v_count;
end;
$$;
comment on function catalog.skus_import(bigint, jsonb) is
    'SKU を取り込む。[{external_listing_no, name}] のうち未知の番号を SKU と出品にし、新しく対応した数を返す。 | Import SKUs. Makes SKUs and listings of unknown numbers of [{external_listing_no, name}]; returns how many were newly linked.';
