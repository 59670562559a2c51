create or replace trigger tg_200_check_bundle after insert or update on catalog.bundle_component
    for each row execute function catalog.check_bundle();
create or replace trigger tg_050_bump_version before update on catalog.product for each row execute function base.bump_version();
create or replace trigger tg_050_bump_version before update on catalog.sku for each row execute function base.bump_version();
create or replace trigger tg_050_bump_version before update on catalog.sku_cost for each row execute function base.bump_version();
create or replace trigger tg_050_bump_version before update on catalog.sku_customs for each row execute function base.bump_version();
