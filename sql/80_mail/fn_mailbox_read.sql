create or replace function mail.mailbox_read(p_shop_id bigint, p_folder text, p_uid_validity bigint, p_uid_read bigint)
    returns void
    language sql
    security definer
    set search_path = ''
as $$
    update mail.mailbox_gate as gate
    set uid_read = case when gate.uid_validity = p_uid_validity and gate.folder = p_folder then greatest(gate.uid_read, p_uid_read) else p_uid_read end,
        folder = p_folder, uid_validity = p_uid_validity, read_at = clock_timestamp(), failures = 0, last_error = null
    where gate.shop_id = p_shop_id
$$;
comment on function mail.mailbox_read(bigint, text, bigint, bigint) is
    'ここまで読んだ。前には戻らない。 | Read up to here; never back.';
