create or replace function staff.note_audit()
    returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_personal text[];
    v_keys text[];
    v_old jsonb[] := '{}';
    v_new jsonb[] := '{}';
    -- Groups rows for whoever looks at them; it decides no right and names no actor.
    v_change_no bigint := staff.change_no();
begin
    if v_change_no is null or not access.change_is_own(v_change_no) then
        loop
            v_change_no := nextval('staff.change_seq');
            exit when access.change_is_own(v_change_no);
        end loop;
        perform set_config('daicho.change_no', v_change_no::text, true);
    end if;
    -- Read from the comments on every statement: a column tagged today is silent today.
    select coalesce(array_agg(attribute.attname) filter (where description.description like '%@pii%'), '{}'),
        coalesce(array_agg(attribute.attname) filter (where attribute.attnum = any(index.indkey)), '{}')
    into v_personal, v_keys
    from pg_catalog.pg_attribute as attribute
    left join pg_catalog.pg_description as description
        on description.objoid = attribute.attrelid and description.objsubid = attribute.attnum
        and description.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
    left join pg_catalog.pg_index as index on index.indrelid = attribute.attrelid and index.indisprimary
    where attribute.attrelid = tg_relid and attribute.attnum > 0 and not attribute.attisdropped;
    if tg_op <> 'INSERT' then
        select coalesce(array_agg(to_jsonb(old_row)), '{}') into v_old from old_row;
    end if;
    if tg_op <> 'DELETE' then
        select coalesce(array_agg(to_jsonb(new_row)), '{}') into v_new from new_row;
    end if;
    insert into staff.audit_log (account_id, login, table_name, action, row_key, change, change_no)
    select access.account_id(), session_user, tg_table_schema || '.' || tg_table_name, lower(tg_op), row_key, change.change, v_change_no
    from (
        -- Joined on the key as one value: a hash join; a containment test here is quadratic.
        select row_key, old_one.doc as old_doc, new_one.doc as new_doc
        from (
            select doc, (select jsonb_object_agg(key_name, doc -> key_name) from unnest(v_keys) as key_name) as row_key
            from unnest(v_old) as doc
        ) as old_one
        full join (
            select doc, (select jsonb_object_agg(key_name, doc -> key_name) from unnest(v_keys) as key_name) as row_key
            from unnest(v_new) as doc
        ) as new_one using (row_key)
    ) as pair
    cross join lateral (
        select jsonb_object_agg(
            column_name, case when column_name = any(v_personal) then '"@pii"'::jsonb
                else jsonb_build_object('old', old_doc -> column_name, 'new', new_doc -> column_name) end
        ) as change
        from jsonb_object_keys(coalesce(new_doc, old_doc)) as column_name
        where old_doc -> column_name is distinct from new_doc -> column_name
            and column_name <> 'version'
    ) as change
    where change.change is not null;
    return null;
end;
$$;
comment on function staff.note_audit() is
    '操作を記す。誰が何をどう変えたか。@pii の列は値を残さない。 | Note audit. Who changed what; of @pii columns never the value.';
