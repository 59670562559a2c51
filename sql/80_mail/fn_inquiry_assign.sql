create or replace function mail.inquiry_assign(p_inquiry_id bigint, p_account_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform mail.inquiry_of(p_inquiry_id);
    if p_account_id is not null and not exists (
        select from mail.inquiry_answerers(p_inquiry_id) as answerer where answerer.account_id = p_account_id
    ) then
        raise exception 'この人はこの問い合わせに答えられません。 | This person may not answer this inquiry.'
            using errcode = 'DC010', hint = '答えられる人の一覧から選びます。 | Choose from those who may answer it.';
    end if;
    update mail.inquiry as inquiry set account_id = p_account_id where inquiry.inquiry_id = p_inquiry_id;
end;
$$;
comment on function mail.inquiry_assign(bigint, bigint) is '担当を決める。答えられる人だけ。空なら外す。 | Assign. To who may answer it; empty takes it from who has it.';
