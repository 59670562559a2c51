-- Open orders by status, in their order of work.
select status, label, orders from report.order_count order by rank
