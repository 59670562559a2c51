create or replace trigger tg_050_bump_version before update on customer.customer_party for each row execute function base.bump_version();
