select
    metric as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."data_quality" where false limit 0) as "_empty_1"
where metric is not null
group by metric
having count(*) > 1
