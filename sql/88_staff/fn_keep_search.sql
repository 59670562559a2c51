create or replace function staff.keep_search()
    returns trigger
    language plpgsql
    set search_path = ''
as $$
declare
    c_searches_max constant integer := 200;
    v_personal text;
begin
    if tg_op = 'INSERT' then
        new.account_id := coalesce(access.account_id(), new.account_id);
        if (select count(*) from staff.saved_search as other where other.account_id = new.account_id) >= c_searches_max then
            raise exception '抽出条件は一人 % 個までです。 | One person has % saved searches at most.', c_searches_max, c_searches_max
                using errcode = 'DC010', hint = '使わないものを削除します。 | Remove those that are not used.';
        end if;
    elsif new.relation = old.relation and new.condition = old.condition then
        return new;
    end if;
    perform access.condition_sql(new.relation, new.condition);
    -- Persons are forgotten in one place: who is looked for by name is not kept in another.
    select coalesce(leaf ->> 'column', '') into v_personal
    from jsonb_path_query(new.condition, 'strict $.** ? (exists(@.op) && exists(@.value))') as leaf
    cross join lateral unnest(case when leaf ? 'column' then array[leaf ->> 'column'] else access.search_columns(access.relation_id(new.relation)) end)
        as used (column_name)
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = access.relation_id(new.relation) and attribute.attname = used.column_name
    where col_description(attribute.attrelid, attribute.attnum) like '%@pii%'
        and (not leaf ? 'column' or attribute.attname !~ '(region|postal_code)$')
    limit 1;
    if found then
        raise exception '名前や連絡先を条件にした検索は保存できません。 | A search for names or addresses of people cannot be saved.'
            using errcode = 'DC030', column = v_personal,
                hint = '個人の値を使う条件を外します。「空」「空でない」は使えます。 | Take out what compares with somebody''s own data; empty and filled can stay.';
    end if;
    return new;
end;
$$;
comment on function staff.keep_search() is
    '抽出条件を確かめる。読めない条件と個人を名指す条件は残さない。 | Keep a search. Refuses conditions that cannot be read, and those that name a person.';
