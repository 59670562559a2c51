-- One statement for a page. COPY is not to be had: the table has row policies, which COPY FROM does not know.
insert into transit.message (message_id, shop_id, data_key_id, changed_at, body_digest, message_kind, external_no, map_code, body)
    overriding system value
select page.message_id, %(shop_id)s, page.data_key_id, page.changed_at, page.body_digest, page.message_kind, page.external_no,
    %(map_code)s, page.body
from unnest(%(message_ids)s::bigint[], %(data_key_ids)s::bigint[], %(changed_ats)s::timestamptz[], %(digests)s::uuid[],
    %(kinds)s::text[], %(external_nos)s::text[], %(bodies)s::bytea[])
    as page (message_id, data_key_id, changed_at, body_digest, message_kind, external_no, body)
order by page.message_id;
