create or replace function staff.own_table_make(p_code text, p_comment text)
    returns void
    language plpgsql
    set search_path = ''
as $$
begin
    execute format(
        'create table own.%1$I (
            %2$I bigint generated always as identity primary key,
            %3$I text not null,
            created_at timestamptz not null default now(),
            version integer not null default 1,
            constraint %4$I check (length(%3$I) between 1 and 200 and %3$I !~ %5$L)
        )', p_code, p_code || '_id', p_code || '_name', p_code || '_name_ck', '[[:cntrl:]]'
    );
    execute format('comment on table own.%I is %L', p_code, p_comment);
    execute format('comment on column own.%I.%I is %L', p_code, p_code || '_id', '番号。 | Number. Given by Daicho.');
    execute format('comment on column own.%I.%I is %L', p_code, p_code || '_name', '名称。 | Name.');
    execute format('comment on column own.%I.created_at is %L', p_code, '登録日時。 | Created at.');
    execute format('comment on column own.%I.version is %L', p_code, '版。同時編集の検出用。 | Version. To notice two people editing one row.');
    execute format('comment on constraint %I on own.%I is %L', p_code || '_name_ck', p_code,
        '名称は改行のない 1〜200 文字です。 | A name has 1 to 200 characters and no line breaks.');
    execute format('create trigger tg_050_bump_version before update on own.%I for each row execute function base.bump_version()', p_code);
    perform staff.audit_attach(format('own.%I', p_code)::regclass, true);
end;
$$;
comment on function staff.own_table_make(text, text) is
    '独自の表を作る。鍵、名称、版、操作ログつき。 | Make an own table. With key, name, version and audit log.';
