create or replace function staff.own_column_change(
    p_own_column_id bigint,
    p_version integer,
    p_label_ja text,
    p_label_en text,
    p_help_ja text,
    p_help_en text,
    p_choices text[],
    p_default text,
    p_readers text[],
    p_writers text[]
)
    returns void
    language plpgsql
    security definer
    set search_path = ''
    set lock_timeout = '3s'
as $$
declare
    v_own staff.own_column;
    v_label text := staff.own_text('label', p_label_ja, p_label_en);
    v_help text := staff.own_text('help', p_help_ja, p_help_en);
    v_readers text[] := (select array_agg(distinct code) from unnest(p_readers || '{owner}') as code where p_readers is not null);
    v_writers text[] := (select array_agg(distinct code) from unnest(p_writers || '{owner}') as code);
    v_choices text[];
    v_used bigint;
begin
    perform staff.own_begin();
    v_own := staff.own_column_of(p_own_column_id, false);
    if v_own.version <> p_version then
        raise exception '列「%」はほかの人が先に変えました。 | Somebody else changed the column "%" first.', v_own.column_name, v_own.column_name
            using errcode = 'DC012', hint = '開き直して、もう一度変えます。 | Open it again and change it again.';
    end if;
    if access.account_id() is not null and access.role_in_force() <> all(v_own.writers) and not v_writers <@ v_own.writers then
        raise exception '自分にない権限は与えられません。 | Nobody grants what they do not hold.'
            using errcode = 'DC403', column = 'writers', hint = '店主に頼みます。 | Ask the owner.';
    end if;
    perform staff.own_roles(staff.own_host(v_own.table_name), v_readers, v_writers);
    v_choices := staff.own_choices(v_own.kind, p_choices);
    if v_own.kind = 'choice' then
        execute format('select count(*) from %s where %I <> all($1)', staff.own_relation(v_own.table_name), v_own.column_name)
            into v_used using v_choices;
        if v_used > 0 then
            raise exception '外す選択肢を % 行が使っています。 | % rows hold a choice that would go.', v_used, v_used
                using errcode = 'DC010', column = 'choices', hint = '先にその行を変えます。 | Change those rows first.';
        end if;
        if nullif(btrim(p_default), '') <> all(v_choices) then
            raise exception '初期値が選択肢にありません。 | The default is none of the choices.'
                using errcode = 'DC003', column = 'default_text', hint = '選択肢から選びます。 | Take one of them.';
        end if;
    end if;
    if v_own.is_required then
        perform staff.own_required_check(staff.own_relation(v_own.table_name), v_own.table_name,
            staff.own_default(v_own.kind, staff.own_type(v_own.kind, v_own.reference_table), p_default));
    end if;
    update staff.own_column as own_column
    set label = v_label, help = v_help, choices = v_choices, default_text = p_default, readers = v_readers, writers = v_writers,
        version = own_column.version + 1
    where own_column.own_column_id = p_own_column_id;
    perform staff.own_shape(p_own_column_id);
    perform staff.own_grant(v_own.table_name);
    perform staff.own_views_keep(true);
end;
$$;
comment on function staff.own_column_change(bigint, integer, text, text, text, text, text[], text, text[], text[]) is
    '独自の列を変える。名称、説明、選択肢、初期値、役割。 | Change an own column. Label, help, choices, default and roles.';
