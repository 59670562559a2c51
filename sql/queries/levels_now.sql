select level.listing_id, level.external_listing_no, coalesce(level.level, 0) as level
from channel.listing_level as level
join channel.listing as listing on listing.listing_id = level.listing_id and listing.is_published
where level.listing_id = any(%(listing_ids)s);
