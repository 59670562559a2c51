create or replace function sales.quotation_keep_self()
    returns trigger
    language plpgsql
    set search_path = ''
as $$
declare
    -- The number is made after this has run
    c_free constant text[] := array['state', 'version', 'quotation_no'];
begin
    if old.state = 'draft' then
        if new.state not in ('draft', 'sent') then
            raise exception '下書きの見積 % には、まだ返事がありません。 | Quotation % is a draft: nobody has answered it.', old.quotation_no, old.quotation_no
                using errcode = 'DC010', hint = '先に送付済みにします。 | Mark it as sent first.';
        end if;
        return new;
    end if;
    if new.state = 'draft' or to_jsonb(new) - c_free <> to_jsonb(old) - c_free then
        raise exception '見積 % は送付済みで、変えられません。 | Quotation % has been sent and cannot be changed.', old.quotation_no, old.quotation_no
            using errcode = 'DC010', hint = '「写しを作る」で新しい見積を作り、それを直します。 | Make a copy and change that one.';
    end if;
    return new;
end;
$$;
comment on function sales.quotation_keep_self() is '送った見積を守る。変わるのは状態だけ。 | Keep a quotation that was sent. Its state alone changes.';
