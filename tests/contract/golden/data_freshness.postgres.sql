select
    max(dates.full_date) as latest_data_date,
    (cast(cast('2025-01-01' as date) as date) - cast(max(dates.full_date) as date)) as days_old
from "retail"."public"."fact_sales" as sales
inner join "retail"."public"."dim_date" as dates on sales.date_key = dates.date_key
