select inbox.inbox_id
from transit.inbox as inbox
where inbox.shop_id = %(shop_id)s and inbox.inbox_reason = 'shop_needs_staff' and inbox.subject = 'unreachable'
    and inbox.closed_at is null;
