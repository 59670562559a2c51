create or replace function staff.own_column_add(
    p_table text,
    p_code text,
    p_kind text,
    p_label_ja text,
    p_label_en text,
    p_help_ja text,
    p_help_en text,
    p_choices text[],
    p_reference text,
    p_is_required boolean,
    p_default text,
    p_readers text[],
    p_writers text[]
)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
    set lock_timeout = '3s'
as $$
declare
    v_table regclass;
    v_label text := staff.own_text('label', p_label_ja, p_label_en);
    v_help text := staff.own_text('help', p_help_ja, p_help_en);
    v_type text := staff.own_type(p_kind, p_reference);
    v_choices text[] := staff.own_choices(p_kind, p_choices);
    v_default text := staff.own_default(p_kind, v_type, p_default);
    v_readers text[] := (select array_agg(distinct code) from unnest(p_readers || '{owner}') as code where p_readers is not null);
    v_writers text[] := (select array_agg(distinct code) from unnest(p_writers || '{owner}') as code);
    v_name text := staff.own_code(p_code, p_label_en);
    v_id bigint;
begin
    perform staff.own_begin();
    v_table := staff.own_host(p_table);
    perform staff.own_roles(v_table, v_readers, v_writers);
    perform staff.own_name_check(v_table, p_table, v_name);
    if p_table not like 'own.%' then
        v_name := 'x_' || v_name;
    end if;
    if p_kind = 'choice' and nullif(btrim(p_default), '') <> all(v_choices) then
        raise exception '初期値が選択肢にありません。 | The default is none of the choices.'
            using errcode = 'DC003', column = 'default_text', hint = '選択肢から選びます。 | Take one of them.';
    end if;
    if p_is_required then
        perform staff.own_required_check(v_table, p_table, v_default);
    end if;
    insert into staff.own_column as own_column (table_name, column_name, kind, label, help, choices, reference_table, is_required, default_text,
        readers, writers, created_by)
    values (p_table, v_name, p_kind, v_label, v_help, v_choices, case when p_kind = 'reference' then p_reference end, p_is_required, p_default,
        v_readers, v_writers, access.account_id())
    returning own_column.own_column_id into v_id;
    execute format('alter table %s add column %I %s default %s', v_table, v_name, v_type, coalesce(v_default, 'null'));
    perform staff.own_shape(v_id);
    perform staff.own_grant(p_table);
    perform staff.own_views_keep(true);
    return v_id;
end;
$$;
comment on function staff.own_column_add(text, text, text, text, text, text, text, text[], text, boolean, text, text[], text[]) is
    '独自の列を加える。番号を返す。 | Add an own column. Returns its number.';
