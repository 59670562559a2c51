create or replace function base.refuse_change()
    returns trigger
    language plpgsql
    set search_path = ''
as $$
begin
    raise exception '% は台帳です。行は追加だけで、変更も削除もできません。 | % is a ledger: rows are added, never changed or removed.',
        tg_table_schema || '.' || tg_table_name, tg_table_schema || '.' || tg_table_name
        using errcode = 'DC001', hint = '間違いは反対の理由の行を加えて直します。 | Correct a mistake by another row with the opposite reason.';
end;
$$;
comment on function base.refuse_change() is '追記専用。台帳の行の変更と削除を拒む。 | Append-only. Refuses a change or removal of ledger rows.';
