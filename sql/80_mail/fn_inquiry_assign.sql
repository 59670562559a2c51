create or replace function mail.inquiry_assign(p_inquiry_id bigint, p_account_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform mail.inquiry_of(p_inquiry_id);
    update mail.inquiry as inquiry set account_id = p_account_id where inquiry.inquiry_id = p_inquiry_id;
end;
$$;
comment on function mail.inquiry_assign(bigint, bigint) is '担当を決める。空なら外す。 | Assign. Empty takes it from who has it.';
