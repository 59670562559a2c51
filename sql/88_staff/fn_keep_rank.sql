create or replace function staff.keep_rank()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_me text := access.role_in_force();
begin
    -- Programs and the administrator are nobody; whoever is somebody gives what they hold, and touches nobody greater.
    if v_me is null or v_me = 'system' then
        return new;
    end if;
    if tg_op = 'UPDATE' and not coalesce(access.may_keep(old.account_id), false) then
        raise exception 'この人には、あなたにない権限か範囲があります。 | This person holds rights or a scope that you do not.'
            using errcode = 'DC403', hint = '店主に頼みます。 | Ask the owner.';
    end if;
    if not coalesce(access.role_within(new.staff_role, v_me), false) or exists (
        select from staff.staff_role as role where role.staff_role = new.staff_role and role.ended_at is not null
    ) then
        raise exception 'その役割には、あなたにない権限があります。 | That role holds what you do not.'
            using errcode = 'DC403', column = 'staff_role', schema = 'staff', table = 'account',
            hint = '自分が持つ権限だけの役割を選びます。 | Choose a role whose rights you hold.';
    end if;
    if exists (
        select from staff.account as me
        where me.account_id = access.account_id()
            and (new.sees_all_shops and not me.sees_all_shops or new.sees_all_warehouses and not me.sees_all_warehouses)
    ) then
        raise exception '自分が見る範囲より広くはできません。 | Nobody gives a wider scope than their own.'
            using errcode = 'DC403', column = 'sees_all_shops', schema = 'staff', table = 'account',
            hint = '店舗と倉庫を選びます。 | Choose shops and warehouses.';
    end if;
    return new;
end;
$$;
comment on function staff.keep_rank() is
    '分を守る。自分にない役割や範囲を人に与えることを拒む。 | Keep within one''s own. Refuses a role or a scope that whoever gives it does not have.';
