select
    customer_segment as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."customer_segments" where false limit 0) as "_empty_1"
where customer_segment is not null
group by customer_segment
having count(*) > 1
