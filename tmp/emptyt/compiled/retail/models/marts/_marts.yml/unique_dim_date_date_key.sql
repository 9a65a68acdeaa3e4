select
    date_key as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."dim_date" where false limit 0) as "_empty_1"
where date_key is not null
group by date_key
having count(*) > 1
