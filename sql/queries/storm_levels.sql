select level.external_listing_no, level.level from channel.listing_level as level where level.shop_id = %(shop_id)s;
