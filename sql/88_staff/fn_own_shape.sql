create or replace function staff.own_shape(p_own_column_id bigint)
    returns void
    language plpgsql
    set search_path = ''
as $$
declare
    v_own staff.own_column := (select own_column from staff.own_column as own_column where own_column.own_column_id = p_own_column_id);
    v_table regclass := staff.own_relation(v_own.table_name);
    v_name text := case when v_own.removed_at is null then v_own.column_name else 'x_removed_' || p_own_column_id end;
    v_type text := staff.own_type(v_own.kind, v_own.reference_table);
    v_default text := staff.own_default(v_own.kind, v_type, v_own.default_text);
    v_ja text := split_part(v_own.label, ' | ', 1);
    v_en text := reverse(split_part(reverse(v_own.label), ' | ', 1));
    v_tags text := case v_own.kind when 'long_text' then ' @multiline' when 'choice' then ' @choice' else '' end;
    v_check text := case v_own.kind
        when 'choice' then format('%I = any(array[%s]::text[])', v_name,
            (select string_agg(quote_literal(choice), ', ') from unnest(v_own.choices) as choice))
        when 'text' then format('length(%I) <= 500 and %I !~ %L', v_name, v_name, '[[:cntrl:]]')
        when 'long_text' then format('length(%I) <= 10000', v_name)
    end;
    v_said text := case v_own.kind
        when 'choice' then format('%s は一覧から選びます。 | %s is one of its choices.', v_ja, v_en)
        when 'text' then format('%s は改行のない 500 文字までです。 | %s has 500 characters at most, and no line breaks.', v_ja, v_en)
        when 'long_text' then format('%s は 10,000 文字までです。 | %s has 10,000 characters at most.', v_ja, v_en)
    end;
begin
    execute format('alter table %s drop constraint if exists own_%s_ck, drop constraint if exists own_%s_fk', v_table, p_own_column_id, p_own_column_id);
    -- What is out of sight must not refuse what is in sight.
    if v_own.removed_at is not null then
        execute format('alter table %s alter column %I drop not null, alter column %I drop default', v_table, v_name, v_name);
        return;
    end if;
    execute format('alter table %s alter column %I set default %s', v_table, v_name, coalesce(v_default, 'null'));
    if v_check is not null then
        execute format('alter table %s add constraint own_%s_ck check (%s)', v_table, p_own_column_id, v_check);
        execute format('comment on constraint own_%s_ck on %s is %L', p_own_column_id, v_table, v_said);
    end if;
    if v_own.kind = 'reference' then
        execute format('alter table %s add constraint own_%s_fk foreign key (%I) references %s on delete %s', v_table, p_own_column_id, v_name,
            to_regclass(v_own.reference_table), case when v_own.is_required then 'no action' else 'set null' end);
        if not exists (
            select from pg_catalog.pg_class as class join pg_catalog.pg_index as index on index.indexrelid = class.oid
            where index.indrelid = v_table and class.relname = format('own_%s_ix', p_own_column_id)
        ) then
            execute format('create index own_%s_ix on %s (%I) where %I is not null', p_own_column_id, v_table, v_name, v_name);
        end if;
    end if;
    execute format('alter table %s alter column %I %s not null', v_table, v_name, case when v_own.is_required then 'set' else 'drop' end);
    if v_own.table_name like '%\_party' then
        v_tags := v_tags || ' @pii';
    end if;
    execute format('comment on column %s.%I is %L', v_table, v_name, staff.own_comment(v_own.label, v_own.help, v_tags));
end;
$$;
comment on function staff.own_shape(bigint) is
    '列の形を整える。既定値、条件、参照、コメント。外した列は何も拒まない。 | Shape a column. Default, conditions, reference, comment; a removed one refuses nothing.';
