create or replace trigger tg_050_bump_version before update on staff.saved_search for each row execute function base.bump_version();
create or replace trigger tg_100_keep_search before insert or update on staff.saved_search for each row execute function staff.keep_search();
