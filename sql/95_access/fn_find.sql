create or replace function access.find(p_words text, p_limit integer)
    returns table (kind text, key text, title text, detail text, rank integer)
    language plpgsql
    stable
    set search_path = ''
    set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_limit_max constant integer := 100;
    c_words_max constant integer := 200;
    v_limit integer := greatest(0, least(p_limit, c_limit_max));
    v_words text := left(btrim(p_words, e' \t\r\n　'), c_words_max);
    v_hits jsonb;
begin
    if coalesce(v_words, '') = '' then
        return;
    end if;
    v_hits := coalesce((
        select jsonb_agg(to_jsonb(hit))
        from (
            select number.kind, number.id, number.rank, false as by_person from access.find_numbers(v_words, v_limit) as number
            union all
            select person.kind, person.id, person.rank, true from access.find_people(v_words, v_limit) as person
        ) as hit
    ), '[]');
    -- What the asker's role may not read is left out, not refused.
    begin
        return query select found.* from access.find_orders(v_hits, v_limit) as found;
    exception when insufficient_privilege then
    end;
    begin
        return query
        select 'shipment', shipment.shipment_id::text, shipment.tracking_no, concat_ws(' · ', sales_order.order_no, sales_order.external_order_no), hit.rank
        from jsonb_to_recordset(v_hits) as hit (kind text, id bigint, rank integer)
        join shipping.shipment as shipment on shipment.shipment_id = hit.id
        join sales.sales_order as sales_order on sales_order.sales_order_id = shipment.sales_order_id
        where hit.kind = 'shipment'
        order by hit.rank desc, hit.id desc
        limit v_limit;
    exception when insufficient_privilege then
    end;
    begin
        return query
        select 'customer', party.customer_id::text, coalesce(party.customer_name, party.company), concat_ws(' · ', party.customer_kana, party.company,
            party.phone, party.email), hit.rank
        from jsonb_to_recordset(v_hits) as hit (kind text, id bigint, rank integer)
        join customer.customer_party as party on party.customer_id = hit.id
        where hit.kind = 'customer'
        order by hit.rank desc, hit.id desc
        limit v_limit;
    exception when insufficient_privilege then
    end;
    begin
        return query select found.* from access.find_goods(v_words, v_limit) as found;
    exception when insufficient_privilege then
    end;
end;
$$;
comment on function access.find(text, integer) is
    'すべてから探す。番号、氏名、かな、電話、メール、送り状、SKU、JAN、商品。聞く人が見てよいものだけ。 | Find in everything. Numbers, names, kana, phones, mail, tracking nos., SKUs, GTINs, products; only what who asks may see.';
