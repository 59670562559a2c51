-- What an issued statement of a shop states, by its number, without one the newest; none is issued.
select found.document_no, found.facts from document.statement_trial(:shop_id, :document_no) as found
