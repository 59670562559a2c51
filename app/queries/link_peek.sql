-- Whose password a link would set, when it still may.
select account.login_name, account.display_name, account.locale, link.kind
from staff.account_link as link
join staff.account as account on account.account_id = link.account_id
where link.link_digest = :digest and link.used_at is null and link.ended_at is null and link.ends_at > now() and account.ended_at is null
