create or replace trigger tg_050_bump_version before update on channel.shop for each row execute function base.bump_version();
create or replace trigger tg_050_bump_version before update on channel.listing for each row execute function base.bump_version();
create or replace trigger tg_050_bump_version before update on channel.column_map for each row execute function base.bump_version();
