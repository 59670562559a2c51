-- A template as it was when documents were issued by it.
select template.parts from document.template_text as template where template.template_digest = %(digest)s
