create or replace function sales.quotation_copy(p_quotation_id bigint)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_quotation sales.quotation := sales.quotation_take(p_quotation_id);
    v_copy_id bigint;
begin
    insert into sales.quotation (shop_id, customer_id, valid_until, tax_inclusive, currency_code, delivery_terms, payment_terms)
    values (v_quotation.shop_id, v_quotation.customer_id,
        -- As long from today as it was from its own day
        coalesce(base.today() + (v_quotation.valid_until - v_quotation.issued_on), v_quotation.valid_until), v_quotation.tax_inclusive, v_quotation.currency_code,
        v_quotation.delivery_terms, v_quotation.payment_terms)
    returning quotation_id into v_copy_id;
    update sales.quotation_party as party
    set company = was.company, person_name = was.person_name, postal_code = was.postal_code, region = was.region,
        address_line1 = was.address_line1, address_line2 = was.address_line2, phone = was.phone, email = was.email, note = was.note
    from sales.quotation_party as was
    where party.quotation_id = v_copy_id and was.quotation_id = p_quotation_id;
    insert into sales.quotation_line (quotation_id, line_no, sku_id, line_title, quantity, unit_price, tax_rate)
    select v_copy_id, line.line_no, line.sku_id, line.line_title, line.quantity, line.unit_price, line.tax_rate
    from sales.quotation_line as line
    where line.quotation_id = p_quotation_id
    order by line.line_no;
    return v_copy_id;
end;
$$;
comment on function sales.quotation_copy(bigint) is
    '見積の写しを作る。同じ内容の新しい下書きになる。 | Copy. Makes a new draft that says the same.';
