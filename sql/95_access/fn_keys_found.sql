create or replace function access.keys_found(p_relation_id oid, p_word text)
    returns bigint[]
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    c_keys_max constant integer := 1000;
    c_part_min constant integer := 4;
    v_relation text := p_relation_id::regclass::text;
    v_keys bigint[];
begin
    -- Behind a row policy no index finds a part of a text, so these tables are asked through the functions that find in everything.
    -- Null is "read the rows": another table, a word too short, one that so many rows hold that reading soon meets them, or an
    -- administrator, who is nobody there.
    if access.staff_role() is null then
        return null;
    elsif v_relation in ('sales.sales_order', 'report.sales_order', 'shipping.shipment') and length(btrim(normalize(p_word, nfkc))) >= c_part_min then
        select array_agg(found.id) filter (where found.kind = case v_relation when 'shipping.shipment' then 'shipment' else 'order' end)
        into v_keys
        from access.find_numbers(p_word, c_keys_max + 1) as found
        having count(*) <= c_keys_max;
        return case when found then coalesce(v_keys, '{}') end;
    elsif v_relation in ('sales.sales_order_party', 'customer.customer_party')
        and length(base.search_text(p_word)) >= (case when p_word ~ '^[0-9+() -]+$' then c_part_min else 2 end)
        and has_column_privilege(p_relation_id, case v_relation when 'sales.sales_order_party' then 'buyer_name' else 'customer_name' end, 'select') then
        return access.people_found(p_relation_id, p_word, c_keys_max);
    end if;
    return null;
end;
$$;
comment on function access.keys_found(oid, text) is
    '索引で見つかる行の鍵。受注と出荷は番号の全部か初めか終わり、人は氏名・電話・メールの一部。null は「行を読んで探す」。 | Keys found. Rows of a large table that an index finds: orders and shipments by a number, whole or by its start or end, people by a part of name, phone or mail; null is "read the rows".';
