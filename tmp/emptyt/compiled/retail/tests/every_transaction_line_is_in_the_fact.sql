-- Lines of the source that the fact does not have: none may be dropped on the way.
select
    source_lines.transaction_id,
    source_lines.line_item_number
from (select * from "retail"."main"."stg_transactions" where false limit 0) as source_lines
left join (select * from "retail"."main"."fact_sales" where false limit 0) as sales
    on source_lines.transaction_id = sales.transaction_id
    and source_lines.line_item_number = sales.line_item_number
where sales.transaction_id is null
