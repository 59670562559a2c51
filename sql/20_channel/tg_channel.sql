create or replace trigger tg_050_bump_version before update on channel.shop for each row execute function base.bump_version();
create or replace trigger tg_050_bump_version before update on channel.listing for each row execute function base.bump_version();
create or replace trigger tg_050_bump_version before update on channel.column_map for each row execute function base.bump_version();
-- Whoever may write an address must not learn by it what was given for another.
create or replace trigger tg_100_forget_secrets after update of settings on channel.shop for each row
    when (old.settings -> 'base_url' is distinct from new.settings -> 'base_url')
    execute function channel.forget_secrets();
