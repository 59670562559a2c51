-- Links from an order to help desks.
select link.link_name, link.url
from mail.links_of(:sales_order_id) as link
