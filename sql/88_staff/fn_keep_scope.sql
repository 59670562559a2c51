create or replace function staff.keep_scope()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_me text := access.role_in_force();
    v_row jsonb := case tg_op when 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
begin
    -- Before the row is there: after it, whoever widens their own scope would see what they gave themselves.
    if v_me is null or v_me = 'system' or (
        coalesce(access.may_keep((v_row ->> 'account_id')::bigint), false)
        and (v_row ->> 'shop_id' is null or (v_row ->> 'shop_id')::bigint = any(access.shop_ids()))
        and (v_row ->> 'warehouse_id' is null or (v_row ->> 'warehouse_id')::bigint = any(access.warehouse_ids()))
    ) then
        return case tg_op when 'DELETE' then old else new end;
    end if;
    raise exception '自分が見る範囲より広くはできません。 | Nobody gives a wider scope than their own.'
        using errcode = 'DC403', hint = '自分の店舗と倉庫から選びます。 | Choose among your own shops and warehouses.';
end;
$$;
comment on function staff.keep_scope() is
    '範囲を守る。自分が見ない店舗や倉庫を人に与えることを拒む。 | Keep a scope. Refuses a shop or warehouse that whoever gives it does not see.';
