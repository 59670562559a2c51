with warehouse as (
    insert into stock.warehouse (warehouse_code, warehouse_name)
    values ('main', '本店倉庫')
    returning warehouse_id
), shop as (
    insert into channel.shop (shop_code, shop_name, channel_code, warehouse_id, settings)
    select item.shop_code, item.shop_name, item.channel_code, warehouse.warehouse_id, item.settings
    from jsonb_to_recordset(%(shops)s) as item (shop_code text, shop_name text, channel_code text, settings jsonb)
    cross join warehouse
    order by item.shop_code
    returning shop_id, shop_code, shop_name, warehouse_id
), sender as (
    insert into document.sender (shop_id, sender_name, invoice_registration_no, postal_code, address, phone, note)
    select shop.shop_id, shop.shop_name, 'T1234567890123', '600-0000', '京都府京都市下京区見本町1-1', '075-000-0000',
        '品物に不具合があれば、到着から 8 日のうちにお知らせください。'
    from shop
)
select shop.shop_id, shop.shop_code, shop.warehouse_id from shop;
