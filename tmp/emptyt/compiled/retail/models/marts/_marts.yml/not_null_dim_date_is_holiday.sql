select is_holiday
from (select * from "retail"."main"."dim_date" where false limit 0) as "_empty_1"
where is_holiday is null
