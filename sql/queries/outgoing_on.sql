select outgoing.kind
from transit.outgoing as outgoing
where outgoing.is_on
order by outgoing.kind;
