create or replace function staff.own_table_change(
    p_own_table_id bigint,
    p_version integer,
    p_label_ja text,
    p_label_en text,
    p_help_ja text,
    p_help_en text,
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
    v_own staff.own_table;
    v_label text := staff.own_text('label', p_label_ja, p_label_en);
    v_help text := staff.own_text('help', p_help_ja, p_help_en);
    v_readers text[] := (select array_agg(distinct code) from unnest(p_readers || '{owner}') as code);
    v_writers text[] := (select array_agg(distinct code) from unnest(p_writers || '{owner}') as code);
begin
    perform staff.own_begin();
    v_own := staff.own_table_of(p_own_table_id, false);
    if v_own.version <> p_version then
        raise exception '表「%」はほかの人が先に変えました。 | Somebody else changed the table "%" first.', v_own.table_name, v_own.table_name
            using errcode = 'DC012', hint = '開き直して、もう一度変えます。 | Open it again and change it again.';
    end if;
    if access.account_id() is not null and access.role_in_force() <> all(v_own.writers) and not v_writers <@ v_own.writers then
        raise exception '自分にない権限は与えられません。 | Nobody grants what they do not hold.'
            using errcode = 'DC403', column = 'writers', hint = '店主に頼みます。 | Ask the owner.';
    end if;
    perform staff.own_roles(null, v_readers, v_writers);
    -- Its columns go no further than the table does.
    update staff.own_column as own_column
    set readers = array(select code from unnest(own_column.readers) as code where code = any(v_readers)),
        version = own_column.version + 1
    where own_column.table_name = v_own.table_name and not own_column.readers <@ v_readers;
    update staff.own_column as own_column
    set writers = array(select code from unnest(own_column.writers) as code where code = any(coalesce(own_column.readers, v_readers))),
        version = own_column.version + 1
    where own_column.table_name = v_own.table_name and not own_column.writers <@ coalesce(own_column.readers, v_readers);
    update staff.own_table as own_table
    set label = v_label, help = v_help, readers = v_readers, writers = v_writers, version = own_table.version + 1
    where own_table.own_table_id = p_own_table_id;
    execute format('comment on table %s is %L', staff.own_relation(v_own.table_name), staff.own_comment(v_label, v_help, ''));
    perform staff.own_table_grant(v_own.table_name);
end;
$$;
comment on function staff.own_table_change(bigint, integer, text, text, text, text, text[], text[]) is
    '独自の表を変える。名称、説明、役割。 | Change an own table. Label, help and roles.';
