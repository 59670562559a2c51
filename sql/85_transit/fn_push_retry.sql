create or replace function transit.push_retry(p_kind text, p_subject_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    update transit.push as push
    set is_refused = false, wanted_version = push.wanted_version + 1, due_at = '-infinity'
    where push.kind = p_kind and push.subject_id = p_subject_id and push.shop_id = any((select access.shop_ids())::bigint[]);
    if not found then
        raise exception '送信 % % が見つかりません。 | Push % % is not there.', p_kind, p_subject_id, p_kind, p_subject_id
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
end;
$$;
comment on function transit.push_retry(text, bigint) is 'もう一度送る。 | Send once more.';
