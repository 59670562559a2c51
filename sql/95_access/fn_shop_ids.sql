create or replace function access.shop_ids()
    returns bigint[]
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
declare
    v_account_id bigint := access.account_id();
begin
    return (
        select coalesce(array_agg(shop.shop_id), '{}')
        from channel.shop as shop
        where exists (
            select from staff.account as account
            where account.account_id = v_account_id and (
                account.sees_all_shops
                or exists (
                    select from staff.account_shop as scope
                    where scope.account_id = v_account_id and scope.shop_id = shop.shop_id
                )
            )
        )
    );
end;
$$;
comment on function access.shop_ids() is '見てよい店舗。 | Shops that who is asking may see.';
