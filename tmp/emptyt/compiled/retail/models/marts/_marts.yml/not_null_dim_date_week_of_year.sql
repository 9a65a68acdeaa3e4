select week_of_year
from (select * from "retail"."main"."dim_date" where false limit 0) as "_empty_1"
where week_of_year is null
