create or replace function staff.role_grants_set(p_staff_role text, p_version integer, p_grants jsonb)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_wrong text;
begin
    perform pg_advisory_xact_lock(431131026280);
    perform staff.role_keepable(p_staff_role, p_version);
    select format('%s (%s)', wanted.object_name, wanted.verb) into v_wrong
    from jsonb_to_recordset(p_grants) as wanted (object_name text, verb text, columns text[])
    where not coalesce(access.grant_held(wanted.object_name, wanted.verb, coalesce(wanted.columns, '{}'), access.role_in_force()), false)
    limit 1;
    if found then
        raise exception '自分にない権限は与えられません（%）。 | Nobody grants what they do not hold (%).', v_wrong, v_wrong
            using errcode = 'DC403', hint = '店主に頼みます。 | Ask the owner.';
    end if;
    select wanted.object_name into v_wrong
    from jsonb_to_recordset(p_grants) as wanted (object_name text, verb text, columns text[])
    where exists (select from unnest(wanted.columns) as named (column_name) where named.column_name like 'x\_%')
    limit 1;
    if found then
        raise exception '独自の列の権限はここでは与えられません（%）。 | Rights on own columns are not given here (%).', v_wrong, v_wrong
            using errcode = 'DC003', hint = '独自の列の頁で、誰が見て誰が変えるかを決めます。 | Say who sees and who changes them on the page of own columns.';
    end if;
    delete from staff.role_grant as known
    where known.staff_role = p_staff_role and not exists (
        select from jsonb_to_recordset(p_grants) as wanted (object_name text, verb text, columns text[])
        where wanted.object_name = known.object_name and wanted.verb = known.verb
    );
    insert into staff.role_grant (staff_role, object_name, verb, columns)
    select distinct on (wanted.object_name, wanted.verb) p_staff_role, wanted.object_name, wanted.verb, coalesce(wanted.columns, '{}')
    from jsonb_to_recordset(p_grants) as wanted (object_name text, verb text, columns text[])
    on conflict (staff_role, object_name, verb) do update set columns = excluded.columns
    where role_grant.columns is distinct from excluded.columns;
    update staff.staff_role as role set version = role.version + 1 where role.staff_role = p_staff_role;
    perform access.role_apply(p_staff_role);
end;
$$;
comment on function staff.role_grants_set(text, integer, jsonb) is
    '役割の権限を決める。自分にない権限は与えられない。 | Set the rights of a role. All of them at once; nobody grants what they do not hold.';
