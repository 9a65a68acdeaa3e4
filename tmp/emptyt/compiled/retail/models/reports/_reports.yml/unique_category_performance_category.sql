select
    category as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."category_performance" where false limit 0) as "_empty_1"
where category is not null
group by category
having count(*) > 1
