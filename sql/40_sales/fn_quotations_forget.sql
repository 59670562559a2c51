create or replace function sales.quotations_forget(p_quotation_ids bigint[])
    returns void
    language sql
    set search_path = ''
as $$
    update sales.quotation_party as party
    set company = null, person_name = null, postal_code = null, region = null, address_line1 = null, address_line2 = null, phone = null,
        email = null, note = null, forgotten_at = now()
    where party.quotation_id = any(p_quotation_ids) and party.forgotten_at is null
$$;
comment on function sales.quotations_forget(bigint[]) is
    '見積の個人情報を消す。金額と明細は残る。 | Forget quotations. Their addressees go; amounts and lines stay.';
