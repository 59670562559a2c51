create or replace function access.find_people(p_words text, p_limit integer)
    returns table (kind text, id bigint, rank integer)
    language plpgsql
    stable
    security definer
    set search_path = ''
    set plan_cache_mode = 'force_custom_plan'
as $$
declare
    c_limit_max constant integer := 200;
    c_looked_at_max constant integer := 20000;
    v_limit integer := greatest(0, least(p_limit, c_limit_max));
    v_all boolean := access.sees_all();
    v_shops bigint[] := access.shop_ids();
    v_warehouses bigint[] := access.warehouse_ids();
    v_outside boolean := access.is_outside();
    v_asked record := access.person_asked(p_words);
    v_words text[] := v_asked.words;
    v_digits text := v_asked.digits;
    v_mail text := v_asked.mail;
    v_terms text[] := v_asked.terms;
    v_tail text := '%' || v_digits;
begin
    -- Behind a row policy no index finds a part of a name: PostgreSQL keeps back what could tell of hidden rows. So this belongs to
    -- the tables' owner and asks role and predicates itself; access.find shows of it only what the asker's own rights show.
    if access.sees_people('sales.sales_order_party'::regclass) then
        return query
        with hit as materialized (
            select party.sales_order_id, v_digits is not null
                    and (base.search_digits(party.buyer_phone) like v_tail or base.search_digits(party.recipient_phone) like v_tail) as is_tail
            from sales.sales_order_party as party
            where base.search_terms(
                coalesce(party.buyer_name, '') || e'\n' || coalesce(party.buyer_kana, '') || e'\n' || coalesce(party.buyer_company, '') || e'\n'
                    || coalesce(party.recipient_name, '') || e'\n' || coalesce(party.recipient_kana, '') || e'\n' || coalesce(party.recipient_company, ''),
                party.buyer_phone, party.recipient_phone
            ) @> v_terms and v_terms <> '{}'
            union all
            (select party.sales_order_id, false
            from sales.sales_order_party as party
            where lower(party.buyer_email) >= v_mail and lower(party.buyer_email) < v_mail || chr(1114111)
            limit v_limit)
        )
        select distinct 'order', found.id, found.rank
        from (
            select party.sales_order_id as id, party.rank
            -- One after another from the newest on, until there are enough: a common name has a hundred thousand orders.
            from (select hit.sales_order_id from hit order by coalesce(hit.is_tail, false) desc, hit.sales_order_id desc limit c_looked_at_max) as hit
            cross join lateral (
                select sales_order.sales_order_id, access.match_rank(v_words, v_digits, v_mail, array[
                    party.buyer_name, party.recipient_name, party.buyer_kana, party.recipient_kana, party.buyer_company, party.recipient_company
                ], array[party.buyer_phone, party.recipient_phone], party.buyer_email) as rank
                from sales.sales_order as sales_order
                join sales.sales_order_party as party on party.sales_order_id = sales_order.sales_order_id
                where sales_order.sales_order_id = hit.sales_order_id
                    and (v_all or sales_order.shop_id = any(v_shops) and sales_order.warehouse_id = any(v_warehouses))
                    and (not v_outside or sales_order.shipped_at is null and sales_order.cancelled_at is null)
                offset 0
            ) as party
            where party.rank is not null
            limit v_limit
        ) as found
        order by 3 desc, 2 desc;
    end if;
    if not v_outside and access.sees_people('customer.customer_party'::regclass) then
        return query
        with hit as materialized (
            select party.customer_id, v_digits is not null and base.search_digits(party.phone) like v_tail as is_tail
            from customer.customer_party as party
            where base.search_terms(
                coalesce(party.customer_name, '') || e'\n' || coalesce(party.customer_kana, '') || e'\n' || coalesce(party.company, ''), party.phone, null
            ) @> v_terms and v_terms <> '{}'
            union all
            (select party.customer_id, false
            from customer.customer_party as party
            where lower(party.email) >= v_mail and lower(party.email) < v_mail || chr(1114111)
            limit v_limit)
        )
        select distinct 'customer', found.id, found.rank
        from (
            select party.customer_id as id, party.rank
            from (select hit.customer_id from hit order by coalesce(hit.is_tail, false) desc, hit.customer_id desc limit c_looked_at_max) as hit
            cross join lateral (
                select known.customer_id, access.match_rank(v_words, v_digits, v_mail, array[known.customer_name, known.customer_kana, known.company],
                    array[known.phone], known.email) as rank
                from customer.customer_party as known
                where known.customer_id = hit.customer_id and (v_all or exists (
                    select from sales.sales_order as sales_order
                    where sales_order.customer_id = hit.customer_id and sales_order.shop_id = any(v_shops) and sales_order.warehouse_id = any(v_warehouses)
                ))
                offset 0
            ) as party
            where party.rank is not null
            limit v_limit
        ) as found
        order by 3 desc, 2 desc;
    end if;
end;
$$;
comment on function access.find_people(text, integer) is
    '人で探す。氏名、かな、会社、電話の一部、メールの初め。個人情報を見てよい役割の、担当範囲の中だけ。 | Find people. By a part of a name, kana, company or phone, or the start of a mail address; for roles that may see them, within scope.';
