select
    promotion_id as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."dim_promotion" where false limit 0) as "_empty_1"
where promotion_id is not null
group by promotion_id
having count(*) > 1
