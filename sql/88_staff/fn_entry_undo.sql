create or replace function staff.entry_undo(p_table text, p_action text, p_row_key jsonb, p_change jsonb, p_is_touched_since boolean)
    returns text
    language plpgsql
    set search_path = ''
as $$
declare
    v_table regclass := access.relation_id(p_table)::regclass;
    v_is_personal boolean := exists (select from jsonb_each(p_change) as one where jsonb_typeof(one.value) = 'string');
    v_old jsonb := (select jsonb_object_agg(one.key, one.value -> 'old') from jsonb_each(p_change) as one where jsonb_typeof(one.value) = 'object');
    v_new jsonb := (select jsonb_object_agg(one.key, one.value -> 'new') from jsonb_each(p_change) as one where jsonb_typeof(one.value) = 'object');
    v_columns text[];
    v_same text;
    v_key text;
    v_count integer;
begin
    v_columns := staff.writable_columns(v_table, p_change, case p_action when 'insert' then 'select' when 'delete' then 'insert' else 'update' end);
    select string_agg(format('target.%1$I = wanted.%1$I', name), ' and ') into v_key from jsonb_object_keys(p_row_key) as name;
    select string_agg(format('to_jsonb(target.%1$I) is not distinct from to_jsonb(made.%1$I)', name), ' and ') into v_same from unnest(v_columns) as name;
    if p_action = 'delete' then
        if v_is_personal then
            return 'personal';
        elsif exists (
            select from jsonb_each(v_old) as one
            join pg_catalog.pg_attribute as attribute on attribute.attrelid = v_table and attribute.attname = one.key
            where one.value <> 'null' and attribute.attgenerated = '' and one.key <> all(v_columns)
        ) then
            return 'not_granted';
        end if;
        execute format('insert into %s (%s) overriding system value select %s from jsonb_populate_record(null::%s, $1) as was', v_table,
            (select string_agg(quote_ident(name), ', ') from unnest(v_columns) as name),
            (select string_agg('was.' || quote_ident(name), ', ') from unnest(v_columns) as name), v_table) using v_old;
        return 'undone';
    elsif p_action = 'insert' then
        -- What hangs on the row by now is somebody's work, and some references would delete it along.
        if p_is_touched_since or access.row_is_used(v_table, p_row_key) then
            return 'changed_since';
        end if;
        execute format('delete from %1$s as target using jsonb_populate_record(null::%1$s, $1) as wanted, jsonb_populate_record(null::%1$s, $2) as made
            where %2$s and %3$s', v_table, v_key, v_same) using p_row_key, v_new;
    else
        if cardinality(v_columns) = 0 then
            return case when v_is_personal and not exists (select from jsonb_object_keys(v_old)) then 'personal' else 'not_granted' end;
        end if;
        execute format('update %1$s as target set %2$s from jsonb_populate_record(null::%1$s, $1) as wanted,
            jsonb_populate_record(null::%1$s, $2) as made, jsonb_populate_record(null::%1$s, $3) as was where %3$s and %4$s', v_table,
            (select string_agg(format('%1$I = was.%1$I', name), ', ') from unnest(v_columns) as name), v_key, v_same)
            using p_row_key, v_new, v_old;
    end if;
    get diagnostics v_count = row_count;
    return case when v_count = 0 then 'changed_since' when v_is_personal then 'partly' else 'undone' end;
end;
$$;
comment on function staff.entry_undo(text, text, jsonb, jsonb, boolean) is
    '一行を元に戻す。今の値が変更のままなら戻し、そうでなければ残す。 | Undo one entry. Puts a row back where it is still as the change made it; says else why not.';
