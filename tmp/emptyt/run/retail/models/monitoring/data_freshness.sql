create or replace table "retail"."main"."data_freshness" as (
select
    max(dates.full_date) as latest_data_date,
    date_diff('day', cast(max(dates.full_date) as timestamp), cast(cast('2026-11-25' as date) as timestamp)) as days_old
from (select * from "retail"."main"."fact_sales" where false limit 0) as sales
inner join (select * from "retail"."main"."dim_date" where false limit 0) as dates on sales.date_key = dates.date_key
);
