create or replace function access.keys_found(p_relation_id oid, p_word text, out key_column text, out keys bigint[])
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    c_keys_max constant integer := 1000;
    c_part_min constant integer := 4;
    v_relation text := p_relation_id::regclass::text;
begin
    -- Behind a row policy no index finds a part of a text, so these tables are asked through the functions that find in everything.
    -- Null is "read the rows": another table, a word too short, one that so many rows hold that reading soon meets them, or an
    -- administrator, who is nobody there.
    if access.staff_role() is null then
        return;
    elsif v_relation in ('sales.sales_order', 'report.sales_order') and p_word !~ '^[ -~]*$' then
        -- No number of an order is written so: whose order it is
        key_column := 'sales_order_id';
        keys := access.order_people_found(p_word);
    elsif v_relation in ('sales.sales_order', 'report.sales_order', 'shipping.shipment') and length(btrim(normalize(p_word, nfkc))) >= c_part_min then
        key_column := case v_relation when 'shipping.shipment' then 'shipment_id' else 'sales_order_id' end;
        select coalesce(array_agg(found.id) filter (where found.kind = case v_relation when 'shipping.shipment' then 'shipment' else 'order' end), '{}')
        into keys
        from access.find_numbers(p_word, c_keys_max + 1) as found
        having count(*) <= c_keys_max;
        -- By a phone or a mail address too
        if v_relation <> 'shipping.shipment' and keys is not null then
            keys := keys || coalesce(access.order_people_found(p_word), '{}');
        end if;
    elsif v_relation in ('sales.sales_order_party', 'customer.customer_party')
        and length(base.search_text(p_word)) >= (case when p_word ~ '^[0-9+() -]+$' then c_part_min else 2 end) then
        key_column := case v_relation when 'sales.sales_order_party' then 'sales_order_id' else 'customer_id' end;
        keys := access.people_found(p_relation_id, p_word);
    end if;
end;
$$;
comment on function access.keys_found(oid, text) is
    '索引で見つかる行の鍵と、その列。受注と出荷は番号の全部か初めか終わり、人は氏名・電話・メールの一部。null は「行を読んで探す」。 | Keys found. Rows of a large table that an index finds, and the column of their keys: orders and shipments by a number, whole or by its start or end, people by a part of name, phone or mail; null is "read the rows".';
