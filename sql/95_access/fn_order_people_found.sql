create or replace function access.order_people_found(p_word text)
    returns bigint[]
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_keys bigint[] := access.people_found('sales.sales_order_party'::regclass, p_word);
begin
    -- A part of them would look like all of them.
    if v_keys is null and access.sees_people('sales.sales_order_party'::regclass) then
        raise exception '「%」に合う受注が多すぎます。 | Too many orders fit "%".', translate(left(p_word, 60), '|', '/'),
            translate(left(p_word, 60), '|', '/')
            using errcode = 'DC030', hint = '氏名や番号を続けて書くか、全体の検索（/）を使います。 | Write more of the name or number, or use the search over everything (/).';
    end if;
    return v_keys;
end;
$$;
comment on function access.order_people_found(text) is
    '人で見つかる受注。多すぎれば断る。見てよくなければ null。 | Orders found by people. Refused where they are too many; null for who may not see whose they are.';
