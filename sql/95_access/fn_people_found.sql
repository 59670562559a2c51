create or replace function access.people_found(p_relation_id oid, p_word text)
    returns bigint[]
    language plpgsql
    stable
    security definer
    set search_path = ''
    set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_keys_max constant integer := 1000;
    v_asked record := access.person_asked(p_word);
    v_of_orders boolean := p_relation_id = 'sales.sales_order_party'::regclass;
    v_all boolean := access.sees_all();
    v_shops bigint[] := access.shop_ids();
    v_warehouses bigint[] := access.warehouse_ids();
    v_outside boolean := access.is_outside();
    v_hits bigint[];
begin
    if not access.sees_people(p_relation_id) then
        return null;
    end if;
    v_hits := array(
        (select party.sales_order_id
        from sales.sales_order_party as party
        where v_of_orders and v_asked.terms <> '{}' and base.search_terms(
            coalesce(party.buyer_name, '') || e'\n' || coalesce(party.buyer_kana, '') || e'\n' || coalesce(party.buyer_company, '') || e'\n'
                || coalesce(party.recipient_name, '') || e'\n' || coalesce(party.recipient_kana, '') || e'\n' || coalesce(party.recipient_company, ''),
            party.buyer_phone, party.recipient_phone
        ) @> v_asked.terms
        limit c_keys_max + 1)
        union
        (select party.sales_order_id
        from sales.sales_order_party as party
        where v_of_orders and lower(party.buyer_email) >= v_asked.mail and lower(party.buyer_email) < v_asked.mail || chr(1114111)
        limit c_keys_max + 1)
        union
        (select party.customer_id
        from customer.customer_party as party
        where not v_of_orders and v_asked.terms <> '{}' and base.search_terms(
            coalesce(party.customer_name, '') || e'\n' || coalesce(party.customer_kana, '') || e'\n' || coalesce(party.company, ''), party.phone, null
        ) @> v_asked.terms
        limit c_keys_max + 1)
        union
        (select party.customer_id
        from customer.customer_party as party
        where not v_of_orders and lower(party.email) >= v_asked.mail and lower(party.email) < v_asked.mail || chr(1114111)
        limit c_keys_max + 1)
    );
    if cardinality(v_hits) > c_keys_max then
        return null;
    elsif v_of_orders then
        return array(
            select party.sales_order_id
            from sales.sales_order_party as party
            join sales.sales_order as sales_order on sales_order.sales_order_id = party.sales_order_id
            where party.sales_order_id = any(v_hits)
                and (v_all or sales_order.shop_id = any(v_shops) and sales_order.warehouse_id = any(v_warehouses))
                and (not v_outside or sales_order.shipped_at is null and sales_order.cancelled_at is null)
                and access.is_person_asked(v_asked.words, v_asked.digits, v_asked.mail, concat_ws(e'\n', party.buyer_name, party.recipient_name,
                    party.buyer_kana, party.recipient_kana, party.buyer_company, party.recipient_company), party.buyer_phone, party.recipient_phone,
                    party.buyer_email)
        );
    end if;
    return array(
        select party.customer_id
        from customer.customer_party as party
        where party.customer_id = any(v_hits) and not v_outside and (v_all or exists (
                select from sales.sales_order as sales_order
                where sales_order.customer_id = party.customer_id and sales_order.shop_id = any(v_shops) and sales_order.warehouse_id = any(v_warehouses)
            ))
            and access.is_person_asked(v_asked.words, v_asked.digits, v_asked.mail, concat_ws(e'\n', party.customer_name, party.customer_kana,
                party.company), party.phone, null, party.email)
    );
end;
$$;
comment on function access.people_found(oid, text) is
    '索引で見つかる人の行の鍵。担当範囲の中だけ。見てよくなければ、または多すぎれば null。 | People found. Keys of an order''s or a customer''s people that an index finds, within scope; null for who may not see them, and where they are too many.';
