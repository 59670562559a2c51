select (select count(*) from transit.sku_changed) as skus_changed,
    (select count(*) from transit.push as push where push.is_due and not push.is_refused) as pushes,
    (select count(*) from transit.message as message where message.outcome is null) as messages,
    (select count(*) from channel.shop as shop where shop.paused_at is not null) as shops_paused,
    (select count(*) from transit.shop_gate as gate where gate.open_at > clock_timestamp()) as gates_closed;
