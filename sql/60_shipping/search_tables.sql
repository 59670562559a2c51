create index shipment_tracking_ix on shipping.shipment (replace(tracking_no, '-', ''));
create index shipment_tracking_tail_ix on shipping.shipment (reverse(replace(tracking_no, '-', '')));
