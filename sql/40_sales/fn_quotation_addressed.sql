create or replace function sales.quotation_addressed()
    returns trigger
    language plpgsql
    set search_path = ''
as $$
begin
    insert into sales.quotation_party (quotation_id, company, person_name, postal_code, region, address_line1, address_line2, phone, email)
    select new.quotation_id, party.company, party.customer_name, party.postal_code, party.region, party.address_line1, party.address_line2,
        party.phone, party.email
    from (select) as one
    left join customer.customer_party as party on party.customer_id = new.customer_id;
    return null;
end;
$$;
comment on function sales.quotation_addressed() is
    '宛先の行を作る。顧客があれば、その名前と住所を写す。 | Make the addressee''s row; where there is a customer, with their name and address.';
