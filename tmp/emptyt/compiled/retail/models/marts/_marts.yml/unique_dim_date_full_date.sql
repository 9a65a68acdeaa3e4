select
    full_date as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."dim_date" where false limit 0) as "_empty_1"
where full_date is not null
group by full_date
having count(*) > 1
