create or replace function sales.recipient_is_complete(p_recipient jsonb)
    returns boolean
    language sql
    immutable
as $$
    select coalesce(btrim(p_recipient ->> 'name'), '') <> '' and coalesce(btrim(p_recipient ->> 'address_line1'), '') <> ''
        and coalesce(btrim(p_recipient ->> 'phone'), '') <> ''
        and (
            coalesce(p_recipient ->> 'country_code', 'JP') <> 'JP'
            or coalesce(p_recipient ->> 'postal_code', '') ~ '^[0-9]{3}-?[0-9]{4}$' and coalesce(btrim(p_recipient ->> 'region'), '') <> ''
        )
$$;
comment on function sales.recipient_is_complete(jsonb) is
    '届け先がそろっているか。氏名、住所、電話、国内は郵便番号と都道府県。 | Recipient complete. Name, address, phone; in Japan also postal code and region.';
