create or replace function mail.address_clear(p_customer_id bigint)
    returns integer
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_count integer;
begin
    delete from mail.dead_address as dead
    where dead.customer_id = p_customer_id and exists (select from customer.customer as known where known.customer_id = p_customer_id);
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;
comment on function mail.address_clear(bigint) is
    '届かないアドレスから消す。その顧客にまた送る。 | Clear. The customer''s addresses may be written to again.';
