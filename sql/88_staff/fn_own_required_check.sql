create or replace function staff.own_required_check(p_table regclass, p_table_name text, p_default text)
    returns void
    language plpgsql
    set search_path = ''
as $$
declare
    v_has_rows boolean := true;
begin
    if p_table_name like '%\_party' then
        raise exception '個人情報の列は必須にできません。 | A column of personal data cannot be required.'
            using errcode = 'DC010', column = 'is_required', hint = '消す日が来たら空になります。 | It is emptied when a person is forgotten.';
    end if;
    if p_default is not null then
        return;
    end if;
    -- Rows of Daicho's tables are made by shops and files as well, which know nothing of it.
    if p_table_name like 'own.%' then
        execute format('select exists (select from %s)', p_table) into v_has_rows;
    end if;
    if v_has_rows then
        raise exception '必須の列には初期値が要ります。 | A required column needs a default.'
            using errcode = 'DC003', column = 'default_text',
            hint = '今ある行と、自動で入る行に使います。 | Present rows and those that come by themselves take it.';
    end if;
end;
$$;
comment on function staff.own_required_check(regclass, text, text) is
    '必須にできるか確かめる。取込が止まらないこと。 | Check a required column. It must not stop what comes in by itself.';
