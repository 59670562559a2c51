create or replace function access.role_apply(p_staff_role text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_role text := access.role_name(p_staff_role);
    v_change record;
    v_one text;
    v_function regprocedure;
begin
    perform access.role_make(p_staff_role);
    for v_change in
        with wanted as (
            -- What the owner does not hold is kept as a row and given to nobody.
            select known.object_name, known.verb, there.columns
            from staff.role_grant as known
            join staff.staff_role as role on role.staff_role = known.staff_role and role.is_own and role.ended_at is null
            cross join lateral (
                select array(
                    select attribute.attname::text
                    from pg_catalog.pg_attribute as attribute
                    where attribute.attrelid = to_regclass(known.object_name) and attribute.attname = any(known.columns) and attribute.attnum > 0
                        and attribute.attname not like 'x\_%'
                    order by attribute.attnum
                ) as columns
            ) as there
            where known.staff_role = p_staff_role and (known.columns = '{}') = (there.columns = '{}')
                and access.grant_held(known.object_name, known.verb, there.columns, 'owner')
        ), actual as (
            select held.object_name, held.verb, held.columns from access.role_grants(p_staff_role) as held
        )
        select 1 as step, gone.object_name, gone.verb, '{}'::text[] as columns from (select * from actual except select * from wanted) as gone
        union all
        select 2, new.object_name, new.verb, new.columns from (select * from wanted except select * from actual) as new
        order by 1, 2, 3
    loop
        if v_change.verb = 'execute' then
            for v_function in
                select function.oid::regprocedure
                from pg_catalog.pg_proc as function
                where format('%s.%s', function.pronamespace::regnamespace, function.proname) = v_change.object_name
            loop
                execute format(case v_change.step when 1 then 'revoke execute on function %s from %I'
                    else 'grant execute on function %s to %I' end, v_function, v_role);
            end loop;
        else
            select string_agg(format('%I', known.name), ', ') into v_one from unnest(v_change.columns) as known (name);
            execute format(case v_change.step when 1 then 'revoke %s%s on %I.%I from %I' else 'grant %s%s on %I.%I to %I' end,
                v_change.verb, coalesce(' (' || v_one || ')', ''), split_part(v_change.object_name, '.', 1),
                split_part(v_change.object_name, '.', 2), v_role);
        end if;
    end loop;
    -- A table that was granted as a whole shows no column that is hidden from this role.
    perform staff.own_apply();
end;
$$;
comment on function access.role_apply(text) is
    '自店の役割の権限を当てる。行に書かれた権限と同じにする。 | Apply the shop''s own role. Its grants become what its rows say.';
