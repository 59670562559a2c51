-- An order that the customer cancelled after we had shipped it belongs to a person; everything else is a fault.
select inbox.inbox_reason::text as reason, inbox.subject, inbox.detail
from transit.inbox as inbox
where inbox.closed_at is null and not (
    inbox.inbox_reason = 'changed_too_late'
    or inbox.inbox_reason = 'push_refused' and inbox.sales_order_id is not null and exists (
        select from transit.inbox as twin
        where twin.inbox_reason = 'changed_too_late' and twin.sales_order_id = inbox.sales_order_id
    )
)
order by inbox.inbox_id;
