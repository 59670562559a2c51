create or replace function mail.inquiry_close(p_inquiry_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    perform mail.inquiry_of(p_inquiry_id);
    update mail.inquiry as inquiry set state = 'closed' where inquiry.inquiry_id = p_inquiry_id;
end;
$$;
comment on function mail.inquiry_close(bigint) is '終わりにする。返信が要らない問い合わせも。 | Close. Also one that needs no answer.';
