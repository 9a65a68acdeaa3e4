select category
from (select * from "retail"."main"."category_performance" where false limit 0) as "_empty_1"
where category is null
