create or replace view report.check_push with (security_invoker = true) as
select 'stock' as kind, listing.listing_id as subject_id
from channel.listing as listing
where listing.sku_id is not null and listing.is_published
    and not exists (select from transit.push as push where push.kind = 'stock' and push.subject_id = listing.listing_id)
union all
select 'shipment', shipment.shipment_id
from shipping.shipment as shipment
where not exists (select from transit.push as push where push.kind = 'shipment' and push.subject_id = shipment.shipment_id);
comment on view report.check_push is
    '送信検査。対応済みで公開中なのに送信の行がない出品、通知の行がない出荷。空であること。 @key(kind,subject_id) | Push check. Listings in sync or shipments without a row that tells the shop; must be empty. @key(kind,subject_id)';
comment on column report.check_push.kind is '種類。 | Kind.';
comment on column report.check_push.subject_id is '対象。 | Subject.';
