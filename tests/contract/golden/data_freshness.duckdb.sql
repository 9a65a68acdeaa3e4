select
    max(dates.full_date) as latest_data_date,
    date_diff('day', cast(max(dates.full_date) as timestamp), cast(cast('2025-01-01' as date) as timestamp)) as days_old
from "retail"."main"."fact_sales" as sales
inner join "retail"."main"."dim_date" as dates on sales.date_key = dates.date_key
