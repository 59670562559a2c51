create or replace trigger tg_200_check_setting before insert or update on base.setting for each row execute function base.check_setting();
