-- What a shop was told and has nothing newer to hear.
select listing.external_listing_no, push.done_at
from transit.push as push
join channel.listing as listing on listing.listing_id = push.listing_id
where push.shop_id = %(shop_id)s and push.kind = 'stock' and not push.is_due and not push.is_refused and push.sent_level is not null
    and listing.is_published;
