create or replace function access.condition_search_sql(p_relation_id oid, p_words jsonb)
    returns text
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    c_words_max constant integer := 10;
    v_columns text[];
    v_words text[];
    v_sees_addressees boolean := p_relation_id = 'document.issued_document'::regclass
        and has_column_privilege('document.issued_party', 'addressee', 'select');
begin
    if coalesce(jsonb_typeof(p_words), '') <> 'string' then
        raise exception '検索する言葉がありません。 | There are no words to search for.'
            using errcode = 'DC030', hint = '"value" に言葉を書きます。 | Write the words in "value".';
    end if;
    v_columns := array(
        select chosen.column_name
        from unnest(access.search_columns(p_relation_id)) with ordinality as chosen (column_name, place)
        where has_column_privilege(p_relation_id, chosen.column_name, 'select')
        order by chosen.place
    );
    v_words := array(
        select word.word
        from regexp_split_to_table(p_words #>> '{}', '\s+') with ordinality as word (word, place)
        where word.word <> ''
        order by word.place
        limit c_words_max
    );
    if v_columns = '{}' then
        raise exception 'この表には言葉で探せる列がありません。 | This table has no column in which words can be found.'
            using errcode = 'DC030', hint = '列を選んで絞り込みます。 | Choose a column to filter by.';
    end if;
    -- Each word is somewhere in the row, as typed or in the usual width of its letters; in large tables an index has found it.
    return coalesce((
        select '(' || string_agg('(' || coalesce(nullif(concat_ws(' or ',
            case when word.keys is not null then format('%I = any(%L::bigint[])', word.key_column, word.keys) end,
            (
                select string_agg(format('%I ilike any (array[%s])', column_name,
                    concat_ws(', ', access.like_sql(column_name, to_jsonb(word.word), '%'),
                        case when word.word is not nfkc normalized then access.like_sql(column_name, to_jsonb(normalize(word.word, nfkc)), '%') end)), ' or ')
                from unnest(v_columns) as column_name
                -- A shop's own columns are in no such index
                where word.keys is null or column_name like 'x\_%'
            ),
            -- To whom a document is addressed stands in a table of its own, which not everybody may read
            case when v_sees_addressees then format('issued_document_id in (select party.issued_document_id from document.issued_party as party
                where party.addressee ilike any (array[%s]))', concat_ws(', ', access.like_sql('addressee', to_jsonb(word.word), '%'),
                    case when word.word is not nfkc normalized then access.like_sql('addressee', to_jsonb(normalize(word.word, nfkc)), '%') end)) end
        ), ''), 'false') || ')', ' and ') || ')'
        from (
            select asked.word, found.key_column, found.keys
            from unnest(v_words) as asked (word)
            cross join lateral access.keys_found(p_relation_id, asked.word) as found
        ) as word
    ), 'true');
end;
$$;
comment on function access.condition_search_sql(oid, jsonb) is
    '検索欄の条件を SQL にする。どの言葉も、探せる列のどれかに含まれる。 | Search box as SQL. Each word is found in one of the search columns.';
