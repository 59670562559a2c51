create or replace function mail.inquiry_answerers(p_inquiry_id bigint)
    returns table (account_id bigint, display_name text)
    language sql
    stable
    security definer
    set search_path = ''
as $$
    select account.account_id, account.display_name
    from mail.inquiry as inquiry
    left join sales.sales_order as sales_order on sales_order.sales_order_id = inquiry.sales_order_id
    join staff.account as account on account.ended_at is null and account.staff_role <> 'system'
    where inquiry.inquiry_id = p_inquiry_id and inquiry.shop_id = any((select access.shop_ids())::bigint[])
        and coalesce((
            select has_function_privilege(role.oid, 'mail.inquiry_answer(bigint, uuid, text, text, bytea)', 'execute')
            from pg_catalog.pg_roles as role
            where role.rolname = access.role_name(account.staff_role)
        ), false)
        and (account.sees_all_shops or exists (
            select from staff.account_shop as scope where scope.account_id = account.account_id and scope.shop_id = inquiry.shop_id))
        and (account.sees_all_warehouses or sales_order.sales_order_id is null or exists (
            select from staff.account_warehouse as scope
            where scope.account_id = account.account_id and scope.warehouse_id = sales_order.warehouse_id))
    order by account.display_name, account.account_id
$$;
comment on function mail.inquiry_answerers(bigint) is
    '答えられる人。その問い合わせが見えて、返信できる役割の人。 | Who may answer. People who see the inquiry and whose role may answer it.';
