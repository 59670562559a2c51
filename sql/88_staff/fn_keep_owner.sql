create or replace function staff.keep_owner()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if (old.staff_role = 'system') <> (new.staff_role = 'system') or old.staff_role = 'system' and new.ended_at is not null then
        raise exception '役割「システム」は自動の仕事だけのものです。 | The role "System" belongs to what runs by itself.'
            using errcode = 'DC010', column = 'staff_role', schema = 'staff', table = 'account', hint = 'ほかの役割を選びます。 | Choose another role.';
    end if;
    if old.staff_role = 'owner' and old.ended_at is null and (new.staff_role <> 'owner' or new.ended_at is not null)
        and not exists (
            select from staff.account as account
            where account.staff_role = 'owner' and account.ended_at is null and account.account_id <> new.account_id
        ) then
        raise exception '店主が一人もいなくなります。 | Nobody would be owner any more.'
            using errcode = 'DC010', column = 'staff_role', schema = 'staff', table = 'account',
            hint = '先に別の人を店主にします。 | Make another person owner first.';
    end if;
    return null;
end;
$$;
comment on function staff.keep_owner() is '店主を守る。最後の店主を外すことと、システムの役割を配ることを拒む。 | Keep an owner. Refuses to remove the last one, and to hand out the system''s role.';
