create or replace function mail.inquiry_reopen(p_inquiry_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform mail.inquiry_of(p_inquiry_id);
    update mail.inquiry as inquiry set state = 'open' where inquiry.inquiry_id = p_inquiry_id;
end;
$$;
comment on function mail.inquiry_reopen(bigint) is '未対応に戻す。 | Reopen. It waits for an answer again.';
