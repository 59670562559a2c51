-- Nothing was said since the reading began. A lower level is a sale that we have not heard of, unless it has stood for a while.
select listing.listing_id, listing.external_listing_no, told.level as theirs, push.sent_level as ours
from unnest(%(external_listing_nos)s::text[], %(levels)s::integer[], %(done_ats)s::timestamptz[]) as told (external_listing_no, level, done_at)
join channel.listing as listing on listing.shop_id = %(shop_id)s and listing.external_listing_no = told.external_listing_no
join transit.push as push on push.kind = 'stock' and push.subject_id = listing.listing_id
where not push.is_due and push.done_at = told.done_at and told.level <> push.sent_level
    and (told.level > push.sent_level or push.done_at < clock_timestamp() - interval '10 minutes')
order by listing.listing_id;
