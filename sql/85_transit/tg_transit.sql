create or replace trigger tg_700_note_listing_added after insert on channel.listing
    for each row when (new.sku_id is not null) execute function transit.note_listing();
create or replace trigger tg_700_note_listing_changed after update on channel.listing
    for each row when (
        (old.sku_id, old.buffer, old.max_published, old.is_published) is distinct from (new.sku_id, new.buffer, new.max_published, new.is_published)
    ) execute function transit.note_listing();
create or replace trigger tg_700_note_bundle after insert or update or delete on catalog.bundle_component
    for each row execute function transit.note_bundle();
create or replace trigger tg_700_note_shop after update on channel.shop
    for each row when (old.warehouse_id <> new.warehouse_id) execute function transit.note_shop();
