create or replace function access.role_name(p_staff_role text)
    returns text
    language sql
    immutable
    set search_path = ''
as $$
    -- The prefix belongs to the server: it stands in the text of this function alone.
    select pg_catalog.regexp_replace('daicho_staff', 'staff$', '') || p_staff_role
$$;
comment on function access.role_name(text) is 'データベースの役割名。 | Role name. The database role of a staff role.';
