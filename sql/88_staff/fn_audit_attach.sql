create or replace function staff.audit_attach(p_table regclass, p_inserts boolean)
    returns void
    language plpgsql
    set search_path = ''
as $$
begin
    execute format('drop trigger if exists tg_901_audit on %s', p_table);
    if p_inserts then
        execute format('create trigger tg_901_audit after insert on %s referencing new table as new_row
            for each statement execute function staff.note_audit()', p_table);
    end if;
    execute format('create or replace trigger tg_902_audit after update on %s referencing old table as old_row new table as new_row
        for each statement execute function staff.note_audit()', p_table);
    execute format('create or replace trigger tg_903_audit after delete on %s referencing old table as old_row
        for each statement execute function staff.note_audit()', p_table);
end;
$$;
comment on function staff.audit_attach(regclass, boolean) is
    '操作ログを付ける。表に記録のトリガーを置く。 | Attach audit. Puts the triggers on a table; inserts too when asked.';
