select etl_insert_date
from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
where etl_insert_date is null
