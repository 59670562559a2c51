create or replace function mail.percent_encoded(p_text text)
    returns text
    language sql
    immutable
    set search_path = ''
as $$
    -- RFC 3986: what is neither letter nor digit nor one of - . _ ~ is written by its bytes
    select coalesce(string_agg(
        case when chr(get_byte(octets, place)) ~ '[A-Za-z0-9._~-]' and get_byte(octets, place) < 128 then chr(get_byte(octets, place))
            else '%' || upper(lpad(to_hex(get_byte(octets, place)), 2, '0')) end, '' order by place), '')
    from (select pg_catalog.convert_to(p_text, 'UTF8') as octets) as text
    cross join lateral generate_series(0, octet_length(octets) - 1) as place
$$;
comment on function mail.percent_encoded(text) is 'アドレスに入れられる形にする。 | Percent-encoded, as a part of an address.';
