create or replace function access.role_make(p_staff_role text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_role text := access.role_name(p_staff_role);
    v_program text;
begin
    -- Belongs to daicho_keeper, which may make roles and nothing else; it is asked by functions that have checked.
    if p_staff_role !~ '^own_[a-z][a-z0-9_]{0,29}$' then
        raise exception '% は自店の役割の名前ではありません。 | % is no name of the shop''s own role.', p_staff_role, p_staff_role
            using errcode = 'DC403', hint = '英小文字で始まる名前にします。 | Let it begin with a small letter.';
    end if;
    if not exists (select from pg_catalog.pg_roles as role where role.rolname = v_role) then
        execute format('create role %I nologin inherit', v_role);
    end if;
    if not pg_catalog.pg_has_role(v_role, 'daicho_staff', 'usage') then
        execute format('grant daicho_staff to %I with inherit true, set false', v_role);
    end if;
    foreach v_program in array array['daicho_web', 'daicho_worker'] loop
        if not pg_catalog.pg_has_role(v_program, v_role, 'set') then
            execute format('grant %I to %I with inherit false, set true', v_role, v_program);
        end if;
    end loop;
end;
$$;
comment on function access.role_make(text) is
    '自店の役割をデータベースに作る。 | Make the database role of the shop''s own role. It is there once, however often this is asked.';
