-- What stood in the inbox about an order that has now been taken in.
select inbox.inbox_id
from transit.inbox as inbox
where inbox.shop_id = %(shop_id)s and inbox.inbox_reason in ('unreadable', 'refused_draft') and inbox.closed_at is null
    and inbox.subject = any(%(external_nos)s);
