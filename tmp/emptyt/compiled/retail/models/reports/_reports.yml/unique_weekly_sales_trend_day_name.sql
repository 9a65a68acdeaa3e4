select
    day_name as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."weekly_sales_trend" where false limit 0) as "_empty_1"
where day_name is not null
group by day_name
having count(*) > 1
